-- Returns nil => SHK_E_SCRIPT_SYNTAX
return nil
