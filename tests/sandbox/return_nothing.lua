-- Returns nothing => SHK_E_SCRIPT_SYNTAX
local x = 1
