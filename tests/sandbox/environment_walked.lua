-- The environment is walked => SHK_E_SCRIPT_SYNTAX:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    for k in pairs(_ENV) do return k end
  end },
} }
