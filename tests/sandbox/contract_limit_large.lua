-- A limit of 2^63 - 1 => SHK_E_SCRIPT_CONTRACT:3
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = {
  { to = "A", value = "1", max_bytes = 0x7FFFFFFFFFFFFFFF },
} }
