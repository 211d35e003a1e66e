-- Indexes 40,000 deep => SHK_E_SCRIPT_SYNTAX
return @<40000:a[>1@<40000:]>
