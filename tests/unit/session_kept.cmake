# The session with a store: what it keeps, whom it asks, and what it tells of both.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
set(kept unit/kept_stage.c unit/session_stage.c unit/session_fakes.c unit/slurp.c ${fake}/desk.c
  ${fake}/card_virtual.c ${fake}/http_fake.c ${fake}/temp_folder.c ${fake}/db_fault.c)
set(kept_wrapped -Wl,--wrap=adapter_find,--wrap=face_arrivals_new,--wrap=clipboard_arrivals_new
  -Wl,--wrap=folder_route_new)
foreach(part session_kept session_outbox session_match session_history session_renewed destination)
  shk_unit(${part} SOURCES ${kept} LINK virtual_card ${kept_wrapped})
  set_tests_properties(unit.${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()
shk_unit(parcel)
shk_threads(session_kept session_outbox session_match session_history)
