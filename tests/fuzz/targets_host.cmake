# The host side: scripts, the door, host adapters.
set(script_sources fuzz/script_made.c fuzz/script_pieces.c fuzz/script_judge.c)
set(script_libraries lua)
set(host_api_sources fuzz/host_calls.c fuzz/host_values.c fuzz/host_words.c fake/temp_folder.c)
set(adapter_sources fuzz/adapter_odd.c fake/temp_folder.c)
set(adapter_libraries -Wl,--wrap=adapter_module_find)
