# What a session does besides reading a card.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
set(desk unit/session_stage.c ${fake}/desk.c ${fake}/card_virtual.c ${fake}/http_fake.c)
set(wrapped -Wl,--wrap=face_arrivals_new,--wrap=clipboard_arrivals_new,--wrap=folder_route_new)
foreach(part session_put session_again session_secret session_route session_pin)
  shk_unit(${part} SOURCES ${desk} LINK virtual_card)
endforeach()
foreach(part session_arrivals session_query session_import)
  shk_unit(${part} SOURCES ${desk} unit/session_fakes.c ${fake}/temp_folder.c LINK virtual_card ${wrapped})
endforeach()
shk_unit(session_bulk SOURCES ${desk} LINK virtual_card -Wl,--wrap=bulk_run)
shk_unit(inputs)
foreach(part pin put again secret route arrivals query import bulk)
  set_tests_properties(unit.session_${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()
shk_threads(session_pin session_put session_again session_secret session_route session_arrivals session_query
  session_import session_bulk)

foreach(part session_reader session_pad session_notice session_others)
  shk_unit(${part} SOURCES ${desk} ${fake}/temp_folder.c ${fake}/clock_fake.c LINK virtual_card)
  set_tests_properties(unit.${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()
shk_threads(session_reader session_pad session_notice session_others)
