-- The record kept from a row and used by the file name => SHK_OK 1
local kept
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function() return "a" .. kept.record_index .. ".csv" end,
  fields = { { to = "A", with = function(_, rec) kept = rec return 1 end } },
}
