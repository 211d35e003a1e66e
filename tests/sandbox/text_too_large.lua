--! More than 128 KiB => SHK_E_SCRIPT_MEMORY
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
--@<131072:x>