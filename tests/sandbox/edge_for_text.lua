-- A loop to a text => SHK_OK 10
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local n = 0
    for i = 1, "10" do n = n + 1 end
    return n
  end },
} }
