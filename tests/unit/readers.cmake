# What the readers are told to be: kinds of cards, what a reader can do, the list of models, the verdict.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
shk_unit(card_kinds)
shk_unit(tested_readers SOURCES ${fake}/files_fake.c)
shk_unit(probe SOURCES ${fake}/card_virtual.c LINK virtual_card)
shk_unit(session_readers SOURCES unit/session_stage.c ${fake}/desk.c ${fake}/card_virtual.c ${fake}/http_fake.c
  LINK virtual_card)
foreach(part probe session_readers)
  set_tests_properties(unit.${part} PROPERTIES
    FIXTURES_REQUIRED virtual_card_sample
    ENVIRONMENT "CARD_PROFILE=${CMAKE_BINARY_DIR}/tests/virtual-card/card/card.profile")
endforeach()
shk_threads(session_readers)
