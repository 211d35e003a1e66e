-- A text without an end => SHK_E_SCRIPT_SYNTAX
return "@<100000:a>
