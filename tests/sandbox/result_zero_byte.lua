-- A zero byte => SHK_E_CHARACTER_LOST SHK_E_SCRIPT_RUN
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return "a\0b"
  end },
} }
