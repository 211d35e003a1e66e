-- Numbers that fall on one place of a table => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t, step = {}, 1
    for m = 2, 12 do
      local a, b, n = step, (1 << m) - 1, 0
      while b ~= 0 do a, b = b, a % b end
      n = step // a
      step = n * ((1 << m) - 1)
    end
    for i = 1, 4000 do t[i * step] = i end
    while true do
      for i = 1, 4000 do local x = t[i * step] end
    end
  end },
} }
