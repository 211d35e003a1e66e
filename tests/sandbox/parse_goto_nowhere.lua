-- A jump to no label => SHK_E_SCRIPT_SYNTAX
goto a return {}
