-- A comparison that makes its list longer => SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = { 3, 2, 1 }
    table.sort(t, function(a, b) t[#t + 1] = 9 return a < b end)
    return t[1]
  end },
} }
