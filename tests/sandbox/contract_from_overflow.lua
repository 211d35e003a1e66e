-- A record number of 30 digits => SHK_E_SCRIPT_CONTRACT:3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", from = "records[999999999999999999999999999999].name" },
} }
