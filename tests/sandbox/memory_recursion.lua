-- Calls without end => SHK_E_SCRIPT_MEMORY:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local function f() return 1 + f() end
    return f()
  end },
} }
