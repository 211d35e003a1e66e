-- 500 rows => SHK_OK @<499:1,>1
local f = {}
for i = 1, 500 do f[i] = { to = "A" .. i, value = 1 } end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = f }
