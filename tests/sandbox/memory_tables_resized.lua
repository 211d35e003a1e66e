-- Tables that grow and are thrown away => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    while true do
      local t = {}
      for i = 1, 20000 do t[i] = i end
    end
  end },
} }
