-- The text of functions and tables in a format => SHK_OK function table userdata
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return string.format("%s %s %s", error, {}, rec)
  end },
} }
