-- File name: a mark that turns the direction => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "a\u{202E}vsc.exe" end,
  fields = { { to = "A", value = "1" } },
}
