-- The text of functions and tables => SHK_OK functiontableuserdatafunction
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return tostring(error) .. tostring({}) .. tostring(rec) .. tostring(text.trim)
  end },
} }
