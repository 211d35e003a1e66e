-- Tables 60,000 deep => SHK_E_SCRIPT_SYNTAX
return @<60000:{>@<60000:}>
