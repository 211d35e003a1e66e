-- An element name that closes itself => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "t", format = "xml", encoding = "utf-8", file = "a.xml", root = "a><b", fields = { { to = "A", value = "1" } } }
