-- A chain of 100,000 length signs => SHK_E_SCRIPT_SYNTAX
return @<100000:#>"a"
