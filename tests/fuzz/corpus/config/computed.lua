local t = {} for i = 1, 9 do t[i] = { script = tostring(i) } end
return { deliveries = t, gateway = { timeout_ms = "9000" } }
