-- An attribute behind its element's content => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "t", format = "xml", encoding = "utf-8", file = "a.xml", root = "R", fields = { { to = "A/B", value = "1" }, { to = "A/@c", value = "1" } } }
