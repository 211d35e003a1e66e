-- A value as the error in a comparison => SHK_E_SCRIPT_RUN:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    table.sort({ 1, 2 }, function() error(rec.name) end)
  end },
} }
