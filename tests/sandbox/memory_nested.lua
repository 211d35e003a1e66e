-- Tables in tables without end => SHK_E_SCRIPT_MEMORY:5
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = {}
    while true do t = { t } end
  end },
} }
