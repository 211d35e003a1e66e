-- A long text without an end => SHK_E_SCRIPT_SYNTAX
return [==[@<50000:]=>
