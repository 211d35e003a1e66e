-- Stands at its ceiling and asks again and again => SHK_E_SCRIPT_MEMORY SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 1 << 40 do
      t[i % 7000 + 1] = text.pad("", 1000) .. i
    end
  end },
} }
