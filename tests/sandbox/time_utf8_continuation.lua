-- Continuation bytes skipped again and again => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = string.char(128)
    for i = 1, 18 do s = s .. s end
    local step = utf8.codes("a")
    while true do step(s, 1) end
  end },
} }
