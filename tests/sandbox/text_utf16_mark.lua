--! UTF-16 with its mark => SHK_E_SCRIPT_SYNTAX:1
@<1:\xFF\xFEr\x00e\x00t\x00>