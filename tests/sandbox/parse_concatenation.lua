-- A chain of 25,000 concatenations => SHK_E_SCRIPT_SYNTAX
return "a"@<25000:.."a">
