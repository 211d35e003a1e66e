-- 5,000 breaks of one loop => SHK_OK 1
while 1 do @<5000:if nil then break end >break end
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
