--! A first line for a shell => SHK_E_SCRIPT_SYNTAX:1
#!/usr/bin/env lua
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
