-- 500 rows of one long text => SHK_E_SCRIPT_MEMORY
local s = "x"
for i = 1, 15 do s = s .. s end
local long = s
local function value() return long end
local f = {}
for i = 1, 500 do f[i] = { to = "A" .. i, with = function() if #long < 500000 then long = long .. long end return long end } end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = f }
