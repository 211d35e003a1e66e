-- Long texts compared => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = text.pad("", 1000)
    for i = 1, 9 do s = s .. s end
    local a, b = s .. "a", s .. "a"
    while true do local x = a == b end
  end },
} }
