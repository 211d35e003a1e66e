--! Code page 932 in a comment => SHK_E_SCRIPT_SYNTAX:2

-- @<1:\x8E\x91\x8A\x69>
return { contract = 1, id = "t", format = "csv", encoding = "utf-8", file = "a.csv", fields = { { to = "A", value = "1" } } }
