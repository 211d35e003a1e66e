-- 300 parameters => SHK_E_SCRIPT_SYNTAX
return function(@<299:a,>a) end
