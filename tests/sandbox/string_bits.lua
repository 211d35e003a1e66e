-- A text of a million digits as a number => SHK_E_SCRIPT_RUN SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = text.pad("", 1000, "9")
    for i = 1, 9 do s = s .. s end
    while true do local x = s | 0 end
  end },
} }
