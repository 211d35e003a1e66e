# The sql adapter: its parts alone, and against real databases by their real ODBC drivers.
shk_unit(sql_parts)
set(sql_folder ${CMAKE_CURRENT_SOURCE_DIR}/sql)
# A driver manager that stands before the real one; a process of its own uses it, so it has no sanitizer.
add_library(odbc_shim MODULE ${sql_folder}/odbc_shim.c)
target_compile_definitions(odbc_shim PRIVATE _POSIX_C_SOURCE=200809L)
target_link_libraries(odbc_shim PRIVATE ${CMAKE_DL_LIBS})
foreach(program live accident)
  add_executable(sql_${program} ${sql_folder}/sql_${program}.c ${sql_folder}/sql_stage.c unit/mapping_stage.c
    unit/slurp.c)
  target_include_directories(sql_${program} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/unit)
  target_compile_definitions(sql_${program} PRIVATE ODBC_SHIM="$<TARGET_FILE:odbc_shim>"
    SOURCE_ROOT="${PROJECT_SOURCE_DIR}")
  target_link_libraries(sql_${program} PRIVATE shikaku_flags shikaku_inside PkgConfig::CMOCKA ${CMAKE_DL_LIBS})
  add_dependencies(sql_${program} odbc_shim)
  add_test(NAME sql.${program} COMMAND ${sql_folder}/with-odbc.sh -- $<TARGET_FILE:sql_${program}>)
  add_test(NAME sql.${program}_postgres COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/postgres/with-postgres.sh --
    ${sql_folder}/with-odbc.sh postgres -- $<TARGET_FILE:sql_${program}>)
  set_tests_properties(sql.${program} sql.${program}_postgres PROPERTIES TIMEOUT 1800)
endforeach()
# The same as drivers of Windows are spoken to, and by a driver that knows bytes only.
foreach(driver PostgreSQL PostgreSQLAnsi)
  add_test(NAME sql.live_${driver} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/postgres/with-postgres.sh --
    ${sql_folder}/with-odbc.sh postgres -- $<TARGET_FILE:sql_live>)
  set_tests_properties(sql.live_${driver} PROPERTIES TIMEOUT 1800)
endforeach()
set_tests_properties(sql.live_PostgreSQL PROPERTIES ENVIRONMENT SQL_WIDE=yes)
set_tests_properties(sql.live_PostgreSQLAnsi PROPERTIES ENVIRONMENT SQL_DRIVER=PostgreSQLAnsi)
