-- A megabyte as the error => SHK_E_SCRIPT_RUN:6
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", uses = { "name" }, fields = {
  { to = "A", with = function(value, rec)
    local s = text.pad(rec.name, 1000)
    for i = 1, 9 do s = s .. s end
    error(s)
  end },
} }
