# The session over a desk of fakes.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
shk_unit(session SOURCES ${fake}/desk.c ${fake}/card_virtual.c ${fake}/http_fake.c LINK virtual_card)
set_tests_properties(unit.session PROPERTIES
  FIXTURES_REQUIRED virtual_card_sample
  ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
