# The whole way under Wine: a winscard.dll with the virtual card inside, the gateway simulator on this machine, hosts
# that load the DLL as theirs do.
add_subdirectory(${PROJECT_SOURCE_DIR}/tests/virtual-card ${CMAKE_BINARY_DIR}/virtual-card)

# What lies in system32 during the flow.
set(system32 ${CMAKE_BINARY_DIR}/system32)
add_library(winscard SHARED winscard/winscard.c winscard/service.c winscard/handles.c winscard/features.c
  winscard/winscard.def)
set_target_properties(winscard PROPERTIES PREFIX "" IMPORT_SUFFIX ".test.a" RUNTIME_OUTPUT_DIRECTORY ${system32}
  ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/virtual-card)
target_link_libraries(winscard PRIVATE virtual_card)
virtual_card_rules(winscard)
target_link_options(winscard PRIVATE -static -static-libgcc -Wl,--exclude-all-symbols -Wl,--enable-stdcall-fixup)

# The hosts lie beside the DLL, as a vendor's programs do.
add_executable(flow_host flow_host.c)
target_include_directories(flow_host PRIVATE ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(flow_host PRIVATE shell32 user32)
add_executable(reception ${PROJECT_SOURCE_DIR}/examples/c/reception.c)
target_link_libraries(reception PRIVATE shikaku shell32)
# What a stranger puts under a name that the DLL loads.
add_library(planted SHARED planted.c)
set_target_properties(planted PROPERTIES PREFIX "" IMPORT_SUFFIX ".test.a")
foreach(target flow_host reception planted)
  virtual_card_rules(${target})
  target_link_options(${target} PRIVATE -static)
endforeach()

foreach(subject flow planting cycles)
  add_test(NAME windows.${subject} COMMAND ${SHIKAKU_PYTHON} -B -m unittest -v test_${subject}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  set_tests_properties(windows.${subject} PROPERTIES TIMEOUT 1800
    ENVIRONMENT "SHIKAKU_BUILD=${CMAKE_BINARY_DIR};SHIKAKU_MACHINE=${SHIKAKU_MACHINE}")
endforeach()
set_tests_properties(windows.cycles PROPERTIES RUN_SERIAL ON)
