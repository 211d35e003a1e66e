-- Records of records => SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local r = rec
    for i = 1, 1000 do r = r.records[1] end
    return r.record_index
  end },
} }
