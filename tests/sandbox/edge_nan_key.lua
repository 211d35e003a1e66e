-- A key that is no number => SHK_E_SCRIPT_RUN:5
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    t[0 / 0] = 1
  end },
} }
