-- A chain of 60,000 minus signs => SHK_E_SCRIPT_SYNTAX
return @<60000:- >1
