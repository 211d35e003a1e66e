-- Constants that are long texts of their own => SHK_E_SCRIPT_MEMORY
local s = "x"
for i = 1, 17 do s = s .. s end
local f = {}
for i = 1, 110 do f[i] = { to = "A" .. i, value = s } end
return { contract = 1, id = "t", format = "csv", encoding = "cp932", file = "a.csv", fields = f }
