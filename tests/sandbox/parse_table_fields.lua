-- 8,000 fields of one name => SHK_E_SCRIPT_CONTRACT
return {@<8000:a=1,>}
