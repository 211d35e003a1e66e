-- A hexadecimal number that goes on as a name => SHK_E_SCRIPT_SYNTAX
return 0x@<60000:f>g
