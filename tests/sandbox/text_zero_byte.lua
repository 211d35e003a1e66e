--! A zero byte between two words => SHK_E_SCRIPT_SYNTAX:1
return@<1:\x00>{}
