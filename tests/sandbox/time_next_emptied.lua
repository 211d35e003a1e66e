-- The first entry of a table that was emptied => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 50000 do t[i] = i end
    for i = 1, 50000 do t[i] = nil end
    while true do local k = next(t) end
  end },
} }
