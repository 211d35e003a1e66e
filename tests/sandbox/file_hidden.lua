-- File name: a hidden file => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return ".bashrc" end,
  fields = { { to = "A", value = "1" } },
}
