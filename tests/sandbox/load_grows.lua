-- Fills memory before it returns => SHK_E_SCRIPT_MEMORY:3
local t = {}
for i = 1, 1 << 40 do t[i] = i .. "" end
