-- Long texts made and thrown away => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = text.pad("", 1000)
    for i = 1, 9 do s = s .. s end
    while true do local x = s .. "x" end
  end },
} }
