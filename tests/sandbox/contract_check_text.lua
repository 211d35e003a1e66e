-- A text as the check => SHK_E_SCRIPT_CONTRACT:4
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv",
  check = "os.exit",
  fields = { { to = "A", value = "1" } },
}
