-- A text that doubles => SHK_E_SCRIPT_MEMORY:5
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = "x"
    while true do s = s .. s end
  end },
} }
