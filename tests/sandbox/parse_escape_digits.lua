-- An escape of 100,000 digits => SHK_E_SCRIPT_SYNTAX
return "\u{@<100000:0>"
