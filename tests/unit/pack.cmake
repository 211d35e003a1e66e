# Packs: folders with a mapping script, samples and a signature.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
shk_unit(ed25519 SOURCES ${fake}/pack_keys.c)
set(pack_stage unit/pack_stage.c ${fake}/files_fake.c ${fake}/clock_fake.c)
shk_unit(pack SOURCES ${pack_stage} ${fake}/temp_folder.c)
shk_unit(pack_difference)
shk_unit(pack_samples SOURCES ${pack_stage})
shk_unit(pack_manifest SOURCES ${pack_stage} ${fake}/pack_keys.c)
shk_unit(pack_list SOURCES ${pack_stage})
set(pack_desk unit/session_stage.c unit/pack_disk.c ${fake}/desk.c ${fake}/card_virtual.c ${fake}/http_fake.c
  ${fake}/pack_keys.c ${fake}/temp_folder.c)
set(session_ahead_wraps -Wl,--wrap=calloc)
foreach(part session_pack session_pack_job session_map session_ahead session_wakes)
  shk_unit(${part} SOURCES ${pack_desk} LINK virtual_card ${${part}_wraps})
  set_tests_properties(unit.${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()
shk_threads(session_pack session_pack_job session_map session_ahead session_wakes)

shk_unit(packs_shipped SOURCES unit/slurp.c)
