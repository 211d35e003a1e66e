return {
  deliveries = { [17] = { script = "a.lua" } } }
