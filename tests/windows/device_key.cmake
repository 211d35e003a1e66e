# A device key in the store of the user's certificates, and servers that ask for it.
add_executable(windows_device_key ${CMAKE_CURRENT_LIST_DIR}/device_key/device_key.c)
target_compile_definitions(windows_device_key PRIVATE SHK_BUILDING)
target_link_libraries(windows_device_key PRIVATE shikaku_flags shikaku_inside ncrypt)
target_link_options(windows_device_key PRIVATE -static)
add_test(NAME windows.device_key COMMAND ${SHIKAKU_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/device_key/run.py
  ${PROJECT_SOURCE_DIR} -- ${wine} $<TARGET_FILE:windows_device_key>)
set_tests_properties(windows.device_key PROPERTIES TIMEOUT 600)

# Where libraries are looked for.
add_library(windows_planted MODULE ${CMAKE_CURRENT_LIST_DIR}/loading/planted.c)
set_target_properties(windows_planted PROPERTIES PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
add_executable(windows_loading ${CMAKE_CURRENT_LIST_DIR}/loading/loading.c ${PROJECT_SOURCE_DIR}/plugin/platform/library_win32.c)
target_include_directories(windows_loading PRIVATE ${PROJECT_SOURCE_DIR}/plugin/platform)
target_link_libraries(windows_loading PRIVATE shikaku_flags -static ssp)
add_dependencies(windows_loading windows_planted)
add_test(NAME windows.loading COMMAND ${wine} $<TARGET_FILE:windows_loading>)
set_tests_properties(windows.loading PROPERTIES TIMEOUT 600)
