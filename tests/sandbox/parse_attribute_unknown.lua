-- An attribute that does not exist => SHK_E_SCRIPT_SYNTAX
local x <pinned> = 1 return {}
