# What is made of a card: its kind, its certificate, its PIN.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
shk_unit(wrong_pins LINK -Wl,--wrap=random_fill,--wrap=hmac_sha256)

foreach(part p384 pad pin swap tokens)
  shk_unit(mynumber_${part} SOURCES ${fake}/card_case.c ${fake}/card_made.c ${fake}/card_virtual.c
    ${fake}/temp_folder.c LINK virtual_card)
  set_tests_properties(unit.mynumber_${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()

shk_unit(card_crafted SOURCES ${fake}/card_case.c ${fake}/card_made.c ${fake}/card_virtual.c ${fake}/temp_folder.c
  LINK virtual_card)
set_tests_properties(unit.card_crafted PROPERTIES
  FIXTURES_REQUIRED virtual_card_sample
  ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
