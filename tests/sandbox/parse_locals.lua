-- 201 locals => SHK_E_SCRIPT_SYNTAX
local x @<200: local x>
return {}
