-- A chain of 25,000 ors, which the parser walks again and again => SHK_E_SCRIPT_RUN:2 SHK_E_SCRIPT_BUDGET
local x = a@<25000: or a>
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
