-- A format with more marks than values => SHK_E_SCRIPT_RUN:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return string.format("%s" .. text.pad("", 1000, "%") .. "%s", 1)
  end },
} }
