-- A global variable while loading => SHK_E_SCRIPT_RUN:2
x = 1
return {}
