-- File name: 201 bytes => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return text.pad("", 201, "a") end,
  fields = { { to = "A", value = "1" } },
}
