-- 60,000 characters of one call => SHK_E_SCRIPT_MEMORY:6
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 60000 do t[i] = 65 end
    return #utf8.char(table.unpack(t))
  end },
} }
