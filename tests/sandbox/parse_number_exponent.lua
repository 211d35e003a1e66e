-- A number with an exponent of 100,000 digits => SHK_E_SCRIPT_RUN:2
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", with = function() return 1e@<100000:9> end } } }
