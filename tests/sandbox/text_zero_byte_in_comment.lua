-- A zero byte in a comment hides nothing => SHK_OK 1
-- @<1:\x00> return 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
