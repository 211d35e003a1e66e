-- 100,000 open parentheses => SHK_E_SCRIPT_SYNTAX
return @<100000:(>
