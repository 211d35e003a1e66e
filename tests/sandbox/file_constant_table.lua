-- File name: a table as the constant => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = {}, fields = { { to = "A", value = "1" } } }
