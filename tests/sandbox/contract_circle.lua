-- A contract that holds itself => SHK_E_SCRIPT_CONTRACT
local t = { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv" }
t.fields = { t, t }
return t
