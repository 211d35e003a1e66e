-- Returns a number => SHK_E_SCRIPT_SYNTAX
return 1
