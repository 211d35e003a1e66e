-- Makes garbage all the time under its ceiling => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 30000 do t[i] = { i } end
    while true do local garbage = { {}, {}, {} } end
  end },
} }
