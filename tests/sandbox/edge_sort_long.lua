-- 10,001 values => SHK_E_SCRIPT_RUN:6
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    for i = 1, 10001 do t[i] = i end
    table.sort(t)
  end },
} }
