-- A chain of 30,000 nots => SHK_E_SCRIPT_SYNTAX
return @<30000:not >1
