-- File name: a second stream of a file => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "a.csv::$DATA" end,
  fields = { { to = "A", value = "1" } },
}
