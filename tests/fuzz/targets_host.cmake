# The host side: scripts, the door, host adapters.
set(script_sources fuzz/script_made.c fuzz/script_pieces.c fuzz/script_judge.c)
set(script_libraries lua)
