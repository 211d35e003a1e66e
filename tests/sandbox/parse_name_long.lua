-- A name of 100,000 letters => SHK_E_SCRIPT_RUN:2
return @<100000:a>
