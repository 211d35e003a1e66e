-- Varargs in a function that has none => SHK_E_SCRIPT_SYNTAX
return function() return ... end
