-- A path of 100,000 letters => SHK_E_SCRIPT_CONTRACT:3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", from = "@<100000:a>" },
} }
