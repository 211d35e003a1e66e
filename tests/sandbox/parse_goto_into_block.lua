-- A jump into a block => SHK_E_SCRIPT_SYNTAX
goto a do ::a:: end return {}
