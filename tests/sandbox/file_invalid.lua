-- File name: bytes that are no UTF-8 => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "a\xFF.csv" end,
  fields = { { to = "A", value = "1" } },
}
