-- The smallest whole number divided by -1, made positive and negated => SHK_OK -9223372036854775808 -9223372036854775808 0
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local m = math.abs(-(1 << 62) * 2)
    return (m // -1) .. " " .. -m .. " " .. m % -1
  end },
} }
