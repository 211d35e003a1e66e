--! Nothing but space => SHK_E_SCRIPT_SYNTAX
@<1000: \x0A>