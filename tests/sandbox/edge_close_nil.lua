-- Variables to be closed that hold nothing => SHK_OK 1
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local a <close> = nil
    local b <close> = false
    return 1
  end },
} }
