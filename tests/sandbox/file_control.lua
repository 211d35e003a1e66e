-- File name: a control character above ASCII => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "a\u{85}.csv" end,
  fields = { { to = "A", value = "1" } },
}
