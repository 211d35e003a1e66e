-- Functions 4,500 deep => SHK_E_SCRIPT_SYNTAX
return @<4500:function() return >1@<4500: end>
