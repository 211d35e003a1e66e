-- A number of 100,000 digits is no whole number => SHK_E_SCRIPT_RUN:2
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", with = function() return @<100000:9> end } } }
