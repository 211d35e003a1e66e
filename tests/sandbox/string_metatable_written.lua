-- A field of a text written => SHK_E_SCRIPT_RUN:5
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s = ""
    s.__index = function() return "x" end
  end },
} }
