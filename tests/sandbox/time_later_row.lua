-- A later row that never ends => SHK_E_SCRIPT_BUDGET:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", value = "1" },
  { to = "B", with = function() while true do end end },
} }
