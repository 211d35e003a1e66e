# Reading OQS XML of many persons, writing it, and the words that steer a route.
shk_unit(oqs_bulk)
shk_unit(oqs_bulk_hostile)
shk_unit(oqs_write)
shk_unit(oqs_face)
shk_unit(oqs_memory LINK wrap_link)
target_include_directories(test_oqs_memory PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/fuzz)
shk_unit(oqs_message)
shk_unit(oqs_quirks)
shk_unit(oqs_threads)
shk_threads(oqs_threads)

# 100,000 persons are about 150 MB; a sanitizer takes long and is given fewer.
add_executable(oqs_bulk_memory ${CMAKE_CURRENT_SOURCE_DIR}/bench/oqs_bulk_memory.c)
target_link_libraries(oqs_bulk_memory PRIVATE shikaku_flags shikaku_inside)
set(oqs_bulk_people 100000)
if(SHIKAKU_SANITIZE)
  set(oqs_bulk_people 30000)
endif()
add_test(NAME unit.oqs_bulk_memory COMMAND oqs_bulk_memory ${oqs_bulk_people})
set_tests_properties(unit.oqs_bulk_memory PROPERTIES TIMEOUT 900 LABELS memory)

# What we write, judged by a reader that shares nothing with ours.
add_executable(oqs_written ${CMAKE_CURRENT_SOURCE_DIR}/bench/oqs_written.c)
target_compile_definitions(oqs_written PRIVATE TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data")
target_link_libraries(oqs_written PRIVATE shikaku_flags shikaku_inside)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME contract.oqs_write
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/contract/oqs_write_judge.py $<TARGET_FILE:oqs_written>)
add_test(NAME contract.oqs_quirks
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/contract/oqs_quirks.py)
set_tests_properties(contract.oqs_write contract.oqs_quirks PROPERTIES TIMEOUT 600)
