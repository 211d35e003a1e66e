--! UTF-16 without its mark => SHK_E_SCRIPT_SYNTAX:1
@<1:r\x00e\x00t\x00u\x00r\x00n\x00>