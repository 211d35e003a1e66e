-- A text of more than 64 KiB for a helper => SHK_E_SCRIPT_RUN:6
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = text.pad("", 1000)
    for i = 1, 7 do s = s .. s end
    return text.wide(s)
  end },
} }
