-- An entry far behind the last => SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return rec.records[1 << 62] == nil and 1
  end },
} }
