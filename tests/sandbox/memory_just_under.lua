-- Lives just under its ceiling and ends well => SHK_OK 40000
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 40000 do t[i] = { i } end
    return #t
  end },
} }
