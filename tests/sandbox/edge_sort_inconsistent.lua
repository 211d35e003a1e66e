-- A comparison that contradicts itself => SHK_OK 1000
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 1000 do t[i] = i % 7 end
    table.sort(t, function() return true end)
    table.sort(t, function(a, b) return a <= b end)
    return #t
  end },
} }
