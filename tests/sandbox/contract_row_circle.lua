-- A row that is its own list of helpers => SHK_E_SCRIPT_CONTRACT
local row = { to = "A", from = "name" }
row.as = row
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { row } }
