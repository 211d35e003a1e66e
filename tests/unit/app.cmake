# The official app's text.
shk_unit(when)
foreach(subject samples vary bugs_x bugs_g words torn person)
  shk_unit(app_${subject} SOURCES unit/app_stage.c unit/slurp.c)
endforeach()
shk_unit(app_words_load SOURCES unit/app_stage.c unit/slurp.c fake/files_fake.c fake/clock_fake.c)

add_test(NAME contract.app_text
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/contract/app_text.py)
add_test(NAME contract.app_quiet
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/contract/app_quiet.py $<TARGET_OBJECTS:record>)
set_tests_properties(contract.app_text contract.app_quiet PROPERTIES TIMEOUT 600)
