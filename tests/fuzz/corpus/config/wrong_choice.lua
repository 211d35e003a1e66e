return { route = "elsewhere" }
