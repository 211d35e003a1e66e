-- Every function of every library taken away => SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    for _, library in ipairs({ string, table, math, utf8, text }) do
      for name in pairs(library) do library[name] = nil end
    end
    return 1
  end },
} }
