-- A loop that ends at the largest number => SHK_OK 5
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local n, most = 0, 0x7FFFFFFFFFFFFFFF
    for i = most - 2, most do n = n + 1 end
    for i = -most, -most - 1, -1 do n = n + 1 end
    return n
  end },
} }
