-- A row at place 1.5 => SHK_E_SCRIPT_CONTRACT
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  [1] = { to = "A", value = "1" }, [1.5] = { to = "B", value = "1" },
} }
