-- A file name that never comes => SHK_E_SCRIPT_BUDGET:4
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8",
  file = function() while true do end end,
  fields = { { to = "A", value = "1" } },
}
