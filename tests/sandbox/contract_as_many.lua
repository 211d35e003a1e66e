-- 10,000 helpers in a row => SHK_E_SCRIPT_CONTRACT:3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", from = "name", as = { @<10000:"trim",> } },
} }
