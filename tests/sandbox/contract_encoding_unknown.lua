-- An encoding that does not exist => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "t", format = "csv", encoding = "utf-7", file = "a", fields = { { to = "A", value = "1" } } }
