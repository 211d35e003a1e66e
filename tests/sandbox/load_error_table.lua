-- Raises a table before it returns => SHK_E_SCRIPT_RUN:2
error({ code = 1 })
