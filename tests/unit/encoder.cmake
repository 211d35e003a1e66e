# Target encodings: over every character, by the C library's converters and by Python's.
shk_unit(encoder LINK -Wl,--wrap=malloc,--wrap=calloc)

add_executable(encoder_said ${CMAKE_CURRENT_SOURCE_DIR}/contract/encoder_said.c)
target_link_libraries(encoder_said PRIVATE shikaku_flags shikaku_inside)
add_test(NAME contract.encoder
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/contract/encoder_judge.py $<TARGET_FILE:encoder_said>)
add_test(NAME contract.jisx0213 COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/contract/jisx0213.py)
set_tests_properties(contract.encoder contract.jisx0213 PROPERTIES TIMEOUT 900)
