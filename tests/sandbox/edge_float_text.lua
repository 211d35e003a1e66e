-- A number with a fraction has no text => SHK_E_SCRIPT_RUN:3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return 1.5 + 0
  end },
} }
