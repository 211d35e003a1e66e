-- 10,000 labels in a row => SHK_E_SCRIPT_SYNTAX
@<10000:::a:: >return {}
