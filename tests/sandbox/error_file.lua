-- A value as the error of the file name => SHK_E_SCRIPT_RUN:4
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) error(rec.name) end,
  fields = { { to = "A", value = "1" } },
}
