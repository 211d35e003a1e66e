-- An element name with a space => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "t", format = "xml", encoding = "utf-8", file = "a.xml", root = "R", fields = { { to = "A b='1'", value = "1" } } }
