-- 5,000 jumps to one label => SHK_OK 1
do @<5000:if nil then goto a end >::a:: end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
