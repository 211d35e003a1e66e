-- Shifts by more than there is => SHK_OK 0001
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return (1 << 64) .. (1 << -1) .. (1 >> 64) .. (-1 >> 63)
  end },
} }
