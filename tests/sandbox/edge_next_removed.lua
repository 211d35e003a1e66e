-- A table that grows while it is walked => SHK_E_SCRIPT_RUN:6 SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = { a = 1, b = 2 }
    local n = 0
    for k in pairs(t) do
      t[k .. "x"] = 1
      n = n + 1
      if n > 100 then break end
    end
    return 1
  end },
} }
