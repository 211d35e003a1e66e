# The exchanges with a card, and what is remembered of them.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)

shk_unit(atr)
shk_unit(habits)
shk_unit(card_read SOURCES ${fake}/card_script.c)
foreach(part jpki jpki_fallback)
  shk_unit(${part} SOURCES ${fake}/jpki_case.c ${fake}/card_shy.c ${fake}/card_virtual.c LINK virtual_card)
  set_tests_properties(unit.${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()
