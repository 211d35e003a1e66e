-- A separator that makes the text => SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 50000 do t[i] = "" end
    return table.concat(t, text.pad("", 1000))
  end },
} }
