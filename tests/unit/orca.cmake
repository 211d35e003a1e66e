# The orca adapter. Over real HTTP: tests/orca.
shk_unit(orca_parts)
shk_unit(orca SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/fake/orca_script.c LINK -Wl,--wrap=adapter_wait)
target_include_directories(test_orca PRIVATE ${PROJECT_SOURCE_DIR}/host-adapters)
target_include_directories(test_orca_parts PRIVATE ${PROJECT_SOURCE_DIR}/host-adapters)
