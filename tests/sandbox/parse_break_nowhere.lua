-- A break without a loop => SHK_E_SCRIPT_SYNTAX
break return {}
