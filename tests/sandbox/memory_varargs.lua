-- Arguments that grow with every call => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY SHK_E_SCRIPT_RUN
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local function f(...) return f(1, ...) end
    return f()
  end },
} }
