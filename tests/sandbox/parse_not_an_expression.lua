-- Statements where the contract would be => SHK_E_SCRIPT_SYNTAX
return if true then {} end
