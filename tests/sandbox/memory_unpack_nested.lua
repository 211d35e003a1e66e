-- A long list unpacked into calls => SHK_OK 30000
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 30000 do t[i] = i end
    return math.max(table.unpack(t), math.max(table.unpack(t))), { table.unpack(t) }, { table.unpack(t) }
  end },
} }
