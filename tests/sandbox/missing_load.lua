-- Text compiled at run time => SHK_E_SCRIPT_RUN:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return load("return 1")()
  end },
} }
