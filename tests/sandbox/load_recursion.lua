-- Calls itself before it returns => SHK_E_SCRIPT_MEMORY:2
local function f() return 1 + f() end f()
