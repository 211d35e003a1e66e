# One check with every call failing in its turn. The steps keep all of them below a minute; `torture KIND` alone takes
# each call (long.sh does).
add_executable(torture torture.c torture_check.c torture_ground.c)
target_compile_definitions(torture PRIVATE SOURCE_ROOT="${PROJECT_SOURCE_DIR}"
  TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
target_link_libraries(torture PRIVATE shikaku_flags wrap_link shikaku_inside)
foreach(case memory/1 library/160 file/1 thread/1 db/6 crypto/3 text/1)
  string(REPLACE "/" ";" case ${case})
  list(GET case 0 kind)
  list(GET case 1 step)
  add_test(NAME torture.${kind} COMMAND torture ${kind} ${step})
  set_tests_properties(torture.${kind} PROPERTIES TIMEOUT 900 LABELS fuzz)
endforeach()
