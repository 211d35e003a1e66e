# Who a card says its holder is: its four attributes, and the job that registers somebody by them.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
shk_unit(attributes SOURCES ${fake}/card_virtual.c LINK virtual_card)
set_tests_properties(unit.attributes PROPERTIES
  FIXTURES_REQUIRED virtual_card_sample
  ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
