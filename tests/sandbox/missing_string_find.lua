-- A pattern that explodes => SHK_E_SCRIPT_RUN:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return string.find(text.pad("", 1000, "a"), text.pad("", 200, "a-") .. "b")
  end },
} }
