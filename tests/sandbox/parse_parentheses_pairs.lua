-- 50,000 pairs of parentheses => SHK_E_SCRIPT_SYNTAX
return @<50000:(>1@<50000:)>
