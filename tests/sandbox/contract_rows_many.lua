-- 501 rows => SHK_E_SCRIPT_CONTRACT
local f = {}
for i = 1, 501 do f[i] = { to = "A" .. i, value = "" } end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = f }
