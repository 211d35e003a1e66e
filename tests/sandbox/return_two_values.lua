-- Returns a second value, which nobody takes => SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } }}, { contract = 2 }
