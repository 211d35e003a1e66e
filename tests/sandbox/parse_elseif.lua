-- 9,000 conditions in one => SHK_E_SCRIPT_RUN:2 SHK_E_SCRIPT_BUDGET
if a then @<9000:elseif a then >end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
