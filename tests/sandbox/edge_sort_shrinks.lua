-- A comparison that empties its list => SHK_E_SCRIPT_RUN:5
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = { 3, 2, 1 }
    table.sort(t, function(a, b) t[1], t[2], t[3] = nil, nil, nil return a < b end)
    return #t
  end },
} }
