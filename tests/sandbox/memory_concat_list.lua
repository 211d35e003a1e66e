-- A list joined to more than a megabyte => SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s, t = text.pad("", 1000), {}
    for i = 1, 2000 do t[i] = s end
    return table.concat(t)
  end },
} }
