# Instead of `linked`, which the other unit tests have.
shk_unit(late OWN ${PROJECT_SOURCE_DIR}/plugin/late/loaded.c LINK wrap_link)
target_include_directories(test_late PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/fuzz)
shk_threads(late)
