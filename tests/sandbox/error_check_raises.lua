-- A value as the error of the check => SHK_E_SCRIPT_RUN:4
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv",
  check = function(out) error(out.A) end,
  fields = { { to = "A", from = "name" } },
}
