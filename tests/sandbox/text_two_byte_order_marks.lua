--! Two byte order marks => SHK_E_SCRIPT_SYNTAX:1
@<2:\xEF\xBB\xBF>return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
