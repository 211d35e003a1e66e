-- Entries far apart, which need no list => SHK_OK 3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    t[1 << 62] = 1
    t[-(1 << 62)] = 2
    t[1e300] = 3
    return t[1e300]
  end },
} }
