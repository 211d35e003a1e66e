shk_unit(wrap SOURCES fuzz/entry.c fuzz/pick.c LINK wrap_link)
target_include_directories(test_wrap PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/fuzz)
