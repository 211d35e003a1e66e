--! Nothing but the byte that begins compiled chunks => SHK_E_SCRIPT_SYNTAX
@<1:\x1B>