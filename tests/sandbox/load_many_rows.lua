-- Makes a million rows => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY
local f = {}
for i = 1, 1000000 do f[i] = { to = "A" .. i, value = "" } end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = f }
