-- A name of 100,000 letters => SHK_E_SCRIPT_CONTRACT
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "@<100000:A>", value = "1" },
} }
