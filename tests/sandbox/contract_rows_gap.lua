-- Rows with a gap => SHK_E_SCRIPT_CONTRACT
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", value = "1" }, nil, nil,
  { to = "B", value = "1" },
} }
