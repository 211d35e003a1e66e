-- A key that is nothing => SHK_E_SCRIPT_RUN:5
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    t[nil] = 1
  end },
} }
