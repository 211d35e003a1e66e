-- Many functions with many upvalues => SHK_E_SCRIPT_MEMORY:8
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
    local t = {}
    for i = 1, 1 << 40 do
      local x, y, z = i, i, i
      t[i] = function() return a, b, c, d, e, f, g, h, x, y, z end
    end
  end },
} }
