-- A loop that begins with no number => SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    for i = 0 / 0, 1 do return 1 end
    return 2
  end },
} }
