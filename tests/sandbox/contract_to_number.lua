-- A number as a name => SHK_E_SCRIPT_CONTRACT
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = 1, value = "1" },
} }
