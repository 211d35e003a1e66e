-- A loop whose step is too small to move it => SHK_E_SCRIPT_BUDGET:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    for x = 1.0, 2.0, 1e-300 do end
  end },
} }
