--! A compiled chunk that ends behind its mark => SHK_E_SCRIPT_SYNTAX
@<1:\x1BLua>