-- Every row takes its share of one budget => SHK_E_SCRIPT_BUDGET
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", with = function() for i = 1, 300000 do end end },
  { to = "B", with = function() for i = 1, 300000 do end end },
  { to = "C", with = function() for i = 1, 300000 do end end },
  { to = "D", with = function() for i = 1, 300000 do end end },
  { to = "E", with = function() for i = 1, 300000 do end end },
  { to = "F", with = function() for i = 1, 300000 do end end },
  { to = "G", with = function() for i = 1, 300000 do end end },
  { to = "H", with = function() for i = 1, 300000 do end end },
  { to = "I", with = function() for i = 1, 300000 do end end },
  { to = "J", with = function() for i = 1, 300000 do end end },
} }
