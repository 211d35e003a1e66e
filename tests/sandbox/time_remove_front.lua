-- A long list that shrinks at its front => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 60000 do t[i] = 1 end
    while true do table.remove(t, 1) t[#t + 1] = 1 end
  end },
} }
