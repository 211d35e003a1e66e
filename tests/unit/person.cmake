# Who a card says its holder is: its four attributes, and the job that registers somebody by them.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
shk_unit(attributes SOURCES ${fake}/card_virtual.c LINK virtual_card)
set_tests_properties(unit.attributes PROPERTIES
  FIXTURES_REQUIRED virtual_card_sample
  ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
shk_unit(session_person SOURCES unit/kept_stage.c unit/session_stage.c unit/session_fakes.c unit/slurp.c
  ${fake}/desk.c ${fake}/card_virtual.c ${fake}/http_fake.c ${fake}/temp_folder.c ${fake}/db_fault.c
  LINK virtual_card -Wl,--wrap=adapter_find,--wrap=face_arrivals_new,--wrap=clipboard_arrivals_new
  -Wl,--wrap=folder_route_new)
set_tests_properties(unit.session_person PROPERTIES
  FIXTURES_REQUIRED virtual_card_sample
  ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
shk_threads(session_person)
