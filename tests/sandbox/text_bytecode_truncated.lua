--! A compiled chunk that ends in its head => SHK_E_SCRIPT_SYNTAX
@<1:\x1BLua\x54\x00\x19\x93\x0D\x0A\x1A\x0A\x04\x08\>