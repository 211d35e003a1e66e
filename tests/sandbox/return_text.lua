-- Returns a text => SHK_E_SCRIPT_SYNTAX
return "contract"
