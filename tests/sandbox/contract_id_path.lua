-- A path as the id => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "../x", format = "csv", encoding = "utf-8", file = "a", fields = { { to = "A", value = "1" } } }
