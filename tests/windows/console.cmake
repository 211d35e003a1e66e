# The command for Windows, as people call it and as its properties show it.
add_test(NAME windows.console COMMAND ${SHIKAKU_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/console/console.py ${PROJECT_SOURCE_DIR}
  ${PROJECT_VERSION} ${wine} $<TARGET_FILE:shikaku-console>)
set_tests_properties(windows.console PROPERTIES TIMEOUT 1800)
add_test(NAME windows.console_file COMMAND ${SHIKAKU_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/resources.py
  ${PROJECT_VERSION} $<TARGET_FILE:shikaku-console>)
