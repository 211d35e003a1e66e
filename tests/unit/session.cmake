# The session over a desk of fakes.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
foreach(part session session_close session_gateway session_races)
  shk_unit(${part} SOURCES unit/session_stage.c ${fake}/desk.c ${fake}/card_virtual.c ${fake}/http_fake.c
    LINK virtual_card)
  set_tests_properties(unit.${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()
shk_threads(session session_close session_gateway session_races)
