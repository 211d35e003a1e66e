-- A character beyond all planes => SHK_E_SCRIPT_SYNTAX
return "\u{FFFFFFFFFFFFFFFF}"
