-- A row at the largest place => SHK_E_SCRIPT_CONTRACT
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  [1] = { to = "A", value = "1" }, [0x7FFFFFFFFFFFFFFF] = { to = "B", value = "1" },
} }
