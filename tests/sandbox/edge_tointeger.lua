-- Numbers that are no whole ones => SHK_OK nilnilnil
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return tostring(math.tointeger(1e300)) .. tostring(math.tointeger(1.5)) .. tostring(tonumber("1e300"))
  end },
} }
