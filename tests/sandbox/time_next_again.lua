-- The first entry again and again => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local t = { 1 }
    local k
    while true do k = next(t) end
  end },
} }
