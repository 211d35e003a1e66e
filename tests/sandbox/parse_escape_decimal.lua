-- A byte of 999 => SHK_E_SCRIPT_SYNTAX
return "\999"
