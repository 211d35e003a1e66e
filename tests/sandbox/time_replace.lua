-- A replacement that compares at every place => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local s, from = text.pad("", 1000, "a"), text.pad("", 250, "a") .. "b"
    for i = 1, 6 do s = s .. s end
    while true do local x = text.replace(s, from, "") end
  end },
} }
