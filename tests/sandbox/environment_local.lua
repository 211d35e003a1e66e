-- The environment is a local table => SHK_E_SCRIPT_SYNTAX:4
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local _ENV = { error = function() end }
    x = 1
    return x
  end },
} }
