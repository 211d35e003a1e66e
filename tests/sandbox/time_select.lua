-- Varargs passed on one by one => SHK_E_SCRIPT_BUDGET SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 50000 do t[i] = i end
    local function f(...)
      while true do local x = select(-1, ...) end
    end
    f(table.unpack(t))
  end },
} }
