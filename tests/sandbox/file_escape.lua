-- File name: an escape for terminals => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "a\27[2J.csv" end,
  fields = { { to = "A", value = "1" } },
}
