-- File name: a constant that ends early => SHK_E_SCRIPT_CONTRACT:2
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a\0b", fields = { { to = "A", value = "1" } } }
