-- Long texts of zero bytes compared => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = string.char(0)
    for i = 1, 19 do s = s .. s end
    local a, b = s .. "a", s .. "b"
    while true do local x = a < b end
  end },
} }
