-- A check that never ends => SHK_E_SCRIPT_BUDGET:4
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv",
  check = function() while true do end end,
  fields = { { to = "A", value = "1" } },
}
