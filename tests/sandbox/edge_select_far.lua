-- A place far behind the last => SHK_OK none
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return (select(1 << 62, 1, 2)) or "none"
  end },
} }
