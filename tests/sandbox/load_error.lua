-- Raises an error before it returns => SHK_E_SCRIPT_RUN:2
error("no")
