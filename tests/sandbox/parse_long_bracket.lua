-- A bracket of 100,000 equal signs => SHK_E_SCRIPT_SYNTAX
return [@<100000:=>
