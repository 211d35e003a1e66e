-- A constant with a zero byte => SHK_E_CHARACTER_LOST SHK_E_SCRIPT_CONTRACT:3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", value = "a\0b" },
} }
