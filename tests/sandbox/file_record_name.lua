-- File name: a name with full-width space in front of a slash => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "見本　/a" end,
  fields = { { to = "A", value = "1" } },
}
