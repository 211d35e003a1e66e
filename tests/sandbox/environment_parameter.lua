-- The environment is an argument => SHK_E_SCRIPT_SYNTAX:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    return (function(_ENV) return x end)({ x = 1 })
  end },
} }
