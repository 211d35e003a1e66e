-- The collector tuned while loading => SHK_E_SCRIPT_RUN:2
collectgarbage("generational")
return {}
