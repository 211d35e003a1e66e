-- A jump over a local => SHK_E_SCRIPT_SYNTAX
do goto a local x = 1 ::a:: x = 2 end return {}
