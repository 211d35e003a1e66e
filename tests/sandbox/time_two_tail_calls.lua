-- Two functions that call each other for ever => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local f, g
    f = function() return g() end
    g = function() return f() end
    return f()
  end },
} }
