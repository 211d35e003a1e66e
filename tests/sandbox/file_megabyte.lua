-- File name: half a megabyte => SHK_E_FILE_NAME
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function(rec) return (function() local s = text.pad("", 1000) for i = 1, 9 do s = s .. s end return s end)() end,
  fields = { { to = "A", value = "1" } },
}
