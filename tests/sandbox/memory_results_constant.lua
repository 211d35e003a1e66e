-- 500 constants of one long text => SHK_E_SCRIPT_MEMORY
local s = "x"
for i = 1, 17 do s = s .. s end
local f = {}
for i = 1, 500 do f[i] = { to = "A" .. i, value = s } end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = f }
