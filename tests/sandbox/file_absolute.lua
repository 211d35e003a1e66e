-- File name: a path from the root => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return "/etc/cron.d/a" end,
  fields = { { to = "A", value = "1" } },
}
