-- A table as the answer of the check => SHK_E_SCRIPT_CHECK
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv",
  check = function(out) return { out.A } end,
  fields = { { to = "A", from = "name" } },
}
