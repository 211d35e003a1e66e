-- A list with a gap joined => SHK_E_SCRIPT_RUN:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return table.concat({ 1, nil, 3 }, ",", 1, 3)
  end },
} }
