-- A path as a name => SHK_E_SCRIPT_RUN:4 SHK_OK 20
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return rec["elderly.burden_percent"]
  end },
} }
