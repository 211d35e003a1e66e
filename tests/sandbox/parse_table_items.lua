-- A list of 40,000 numbers => SHK_E_SCRIPT_MEMORY
return {@<40000:1.5,>}
