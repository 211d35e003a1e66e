# The sql adapter: its parts alone, and against real databases by their real ODBC drivers.
set(sql_folder ${CMAKE_CURRENT_SOURCE_DIR}/sql)
foreach(program live)
  add_executable(sql_${program} ${sql_folder}/sql_${program}.c ${sql_folder}/sql_stage.c)
  target_link_libraries(sql_${program} PRIVATE shikaku_flags shikaku_inside PkgConfig::CMOCKA ${CMAKE_DL_LIBS})
  add_test(NAME sql.${program} COMMAND ${sql_folder}/with-odbc.sh -- $<TARGET_FILE:sql_${program}>)
  add_test(NAME sql.${program}_postgres COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/postgres/with-postgres.sh --
    ${sql_folder}/with-odbc.sh postgres -- $<TARGET_FILE:sql_${program}>)
  set_tests_properties(sql.${program} sql.${program}_postgres PROPERTIES TIMEOUT 600)
endforeach()
