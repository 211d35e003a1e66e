-- Returns a function => SHK_E_SCRIPT_SYNTAX
return function() return {} end
