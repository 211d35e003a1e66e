-- A table as a key => SHK_E_SCRIPT_CONTRACT:3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", value = "1", [{}] = 1 },
} }
