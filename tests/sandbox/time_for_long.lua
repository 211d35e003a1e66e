-- A loop of 2^62 steps => SHK_E_SCRIPT_BUDGET:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    for i = 1, 1 << 62 do end
  end },
} }
