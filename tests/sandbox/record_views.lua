-- Views without end => SHK_E_SCRIPT_MEMORY:5
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 1 << 40 do t[i] = rec.records end
  end },
} }
