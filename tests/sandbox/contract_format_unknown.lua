-- A format that does not exist => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "t", format = "exe", encoding = "utf-8", file = "a", fields = { { to = "A", value = "1" } } }
