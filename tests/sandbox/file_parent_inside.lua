-- File name: the folder above in the middle => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "b/../../a.csv" end,
  fields = { { to = "A", value = "1" } },
}
