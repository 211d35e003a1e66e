-- 300 bytes of one call => SHK_E_SCRIPT_RUN:6
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 300 do t[i] = 65 end
    return string.char(table.unpack(t))
  end },
} }
