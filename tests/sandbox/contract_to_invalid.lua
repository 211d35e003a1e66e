-- A name that is no UTF-8 => SHK_E_SCRIPT_CONTRACT
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "\xFF", value = "1" },
} }
