-- The length of a list with holes => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = { 1, nil, 3, nil, 5 }
    while true do local n = #t end
  end },
} }
