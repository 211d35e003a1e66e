-- Every character of a long text on the stack => SHK_E_SCRIPT_MEMORY SHK_E_SCRIPT_RUN
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = text.pad("", 1000)
    for i = 1, 9 do s = s .. s end
    return utf8.codepoint(s, 1, -1)
  end },
} }
