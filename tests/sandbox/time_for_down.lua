-- A loop downwards => SHK_E_SCRIPT_BUDGET:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    for i = 1, -(1 << 62), -1 do end
  end },
} }
