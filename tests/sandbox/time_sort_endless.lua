-- A comparison that never ends => SHK_E_SCRIPT_BUDGET:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    table.sort({ 3, 1, 2 }, function() while true do end end)
  end },
} }
