-- An element with a number of 30 digits => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "t", format = "xml", encoding = "utf-8", file = "a.xml", root = "R", fields = { { to = "A[999999999999999999999999999999]/B", value = "1" } } }
