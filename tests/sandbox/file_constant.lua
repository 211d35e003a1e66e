-- File name: the folder above, as a constant => SHK_E_FILE_NAME SHK_E_SCRIPT_CONTRACT
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "../a.csv", fields = { { to = "A", value = "1" } } }
