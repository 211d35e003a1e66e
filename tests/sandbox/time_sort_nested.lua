-- A comparison that sorts => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_RUN
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local function less(a, b)
      table.sort({ 4, 3, 2, 1 }, less)
      return a < b
    end
    table.sort({ 4, 3, 2, 1 }, function(a, b)
      for i = 1, 1000000 do table.sort({ 2, 1 }, function(x, y) return x < y end) end
      return a < b
    end)
  end },
} }
