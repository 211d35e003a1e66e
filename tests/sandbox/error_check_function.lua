-- A function as the answer of the check => SHK_E_SCRIPT_CHECK
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv",
  check = function(out) return error end,
  fields = { { to = "A", value = "1" } },
}
