-- A second value, which nobody takes => SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return 1, rec
  end },
} }
