-- A chain of 50,000 powers => SHK_E_SCRIPT_SYNTAX
return 1@<50000:^1>
