-- An error where no more C call fits => SHK_E_SCRIPT_RUN
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function(value, rec)
    local pad = {}
    for i = 1, 760 do pad[i] = i end
    local function last(...) local x = nil return x.y end
    local function down(n)
      if n == 0 then return last(table.unpack(pad)) end
      table.sort({ 1, 2 }, function() down(n - 1) end)
    end
    down(197)
  end },
} }
