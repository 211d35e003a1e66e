-- A result of half a megabyte => SHK_OK @<512000: >
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = text.pad("", 1000)
    for i = 1, 9 do s = s .. s end
    return s
  end },
} }
