-- Tail calls for ever => SHK_E_SCRIPT_BUDGET:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local function f() return f() end
    return f()
  end },
} }
