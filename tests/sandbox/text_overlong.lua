--! An overlong form of a letter => SHK_E_SCRIPT_SYNTAX:1
return "@<1:\xC1\x81>"
