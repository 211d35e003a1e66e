-- Bytes that are no UTF-8 => SHK_E_SCRIPT_RUN:3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return "a\xE8\xA6"
  end },
} }
