-- Looks for the record before it returns => SHK_E_SCRIPT_RUN:2
local name = rec.name
return {}
