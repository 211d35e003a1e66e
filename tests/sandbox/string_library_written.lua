-- Functions of the string library replaced => SHK_E_SCRIPT_RUN:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    string.sub = function() return "x" end
    return ("abc"):sub(1, 2)
  end },
} }
