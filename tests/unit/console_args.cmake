shk_unit(console_args SOURCES ${PROJECT_SOURCE_DIR}/examples/console/args.c
  ${PROJECT_SOURCE_DIR}/examples/console/args_options.c ${PROJECT_SOURCE_DIR}/examples/console/usage_more.c
  ${PROJECT_SOURCE_DIR}/examples/console/usage.c ${PROJECT_SOURCE_DIR}/examples/console/utf8.c
  ${PROJECT_SOURCE_DIR}/examples/console/dates.c)
target_include_directories(test_console_args PRIVATE ${PROJECT_SOURCE_DIR}/examples/console)
