-- A long list sorted again and again => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 9999 do t[i] = -i end
    while true do table.sort(t) end
  end },
} }
