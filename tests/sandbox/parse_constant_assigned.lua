-- A constant that is written => SHK_E_SCRIPT_SYNTAX
local x <const> = 1 x = 2 return {}
