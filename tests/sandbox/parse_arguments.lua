-- 300 arguments of one call => SHK_E_SCRIPT_SYNTAX
return error(@<299:1,>1)
