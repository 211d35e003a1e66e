-- A sum of 60,000 numbers, which is one constant => SHK_OK 60001
local x = 1@<60000:+1>
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", with = function() return x end } } }
