-- File name: a name that ends early => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "a.csv\0.exe" end,
  fields = { { to = "A", value = "1" } },
}
