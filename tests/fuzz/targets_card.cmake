# The card's side. The cards and keys of tests/fuzz/card are made once, so that an input means the same everywhere.
set(apdu_sources fuzz/card_watch.c fuzz/card_rules.c fuzz/card_answers.c fuzz/card_switch.c fuzz/card_judge.c
  fuzz/card_world.c fake/card_virtual.c)
set(apdu_libraries virtual_card)

# Loaded at run time like the real one; where the product waits, time passes at once.
add_library(fuzz_pcsc_world INTERFACE)
target_compile_definitions(fuzz_pcsc_world INTERFACE PCSC_LIBRARY="$<TARGET_FILE:card_pcsc_library>")
target_link_options(fuzz_pcsc_world INTERFACE -Wl,--wrap=thread_sleep -Wl,--wrap=clock_gettime
  -Wl,--wrap=condition_wait)
add_dependencies(fuzz_pcsc_world card_pcsc_library)
set(pcsc_sources fuzz/pcsc_world.c fuzz/card_judge.c)
set(pcsc_libraries fuzz_pcsc_world)

set(tlv_sources fuzz/card_judge.c)
set(certificate_sources fuzz/card_judge.c)
set(stored_key_sources fuzz/card_judge.c fake/temp_folder.c)
