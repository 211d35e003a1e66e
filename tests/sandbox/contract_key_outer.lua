-- A key that does not exist in the contract => SHK_E_SCRIPT_CONTRACT:4
return {
  contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv",
  __index = error,
  fields = { { to = "A", value = "1" } },
}
