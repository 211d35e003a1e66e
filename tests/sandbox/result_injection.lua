-- A value with separators, quotes and line ends stays one value => SHK_OK "a,b""@<1:\x0D\x0A>c"
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return "a,b\"\r\nc"
  end },
} }
