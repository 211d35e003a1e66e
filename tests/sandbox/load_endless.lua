-- Never returns its table => SHK_E_SCRIPT_BUDGET:2
while true do end
