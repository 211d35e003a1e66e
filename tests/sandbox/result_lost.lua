-- A character that the encoding lacks => SHK_E_CHARACTER_LOST:2
return { contract = 1, id = "t", format = "csv", encoding = "cp932", file = "a", fields = { { to = "A", value = "𠮷" } } }
