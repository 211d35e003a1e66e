-- Returns more values than a stack holds => SHK_E_SCRIPT_RUN:4
local t = {}
for i = 1, 30000 do t[i] = i end
return table.unpack(t), table.unpack(t), table.unpack(t)
