-- Elements 15 deep in 500 rows => SHK_OK <?xml version="1.0" encoding="UTF-8"?>@<1:\x0A><R>@<1:\x0A>@<14:<A\x3E\x0A>@<500:<B\x3E1</B\x3E\x0A>@<14:</A\x3E\x0A></R>
local f = {}
for i = 1, 500 do f[i] = { to = "@<14:A/>B[" .. i .. "]", value = "1" } end
return { contract = 1, id = "t", format = "xml", encoding = "utf-8", file = "a.xml", root = "R", indent = 0, fields = f }
