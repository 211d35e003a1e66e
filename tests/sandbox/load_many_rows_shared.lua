-- Makes a million rows of one => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY
local r, f = { to = "A", value = "" }, {}
for i = 1, 1000000 do f[i] = r end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = f }
