-- A contract that is its own list of rows => SHK_E_SCRIPT_CONTRACT
local t = { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv" }
t.fields = t
return t
