-- Positions counted again and again => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = text.pad("", 1000)
    for i = 1, 9 do s = s .. s end
    while true do local x = utf8.offset(s, 500000) end
  end },
} }
