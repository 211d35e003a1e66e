-- The smallest and largest positions => SHK_OK abc0
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return ("abc"):sub(-(1 << 63), (1 << 63) - 1) .. ("abc"):sub((1 << 63) - 1) .. #("abc"):sub(2, -(1 << 63))
  end },
} }
