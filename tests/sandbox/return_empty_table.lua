-- Returns an empty table => SHK_E_SCRIPT_CONTRACT
return {}
