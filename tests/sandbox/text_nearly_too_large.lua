-- Just under 128 KiB => SHK_OK 1
--@<130800:x>
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
