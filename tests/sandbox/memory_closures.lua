-- Functions that hold functions => SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local f = function() end
    while true do local g = f f = function() return g() end end
  end },
} }
