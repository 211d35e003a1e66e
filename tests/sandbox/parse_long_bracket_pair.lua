-- A long text between brackets of 40,000 equal signs => SHK_E_SCRIPT_SYNTAX
return [@<40000:=>[x]@<40000:=>]
