# A program that needs the server begins itself anew under tests/postgres/with-postgres.sh.
shk_unit(db SOURCES unit/db_stage.c fake/pg_server.c fake/temp_folder.c)
shk_unit(db_sqlite SOURCES unit/db_stage.c fake/pg_server.c fake/temp_folder.c)
shk_unit(db_postgres SOURCES unit/db_stage.c fake/pg_server.c fake/temp_folder.c)

pkg_check_modules(PQ_LINKED REQUIRED IMPORTED_TARGET libpq)
foreach(kind slow old)
  add_library(pq_${kind} MODULE ${CMAKE_CURRENT_SOURCE_DIR}/fake/pq_${kind}.c)
  target_link_libraries(pq_${kind} PRIVATE shikaku_flags -Wl,--no-as-needed PkgConfig::PQ_LINKED)
  add_dependencies(test_db_postgres pq_${kind})
endforeach()
target_compile_definitions(test_db_postgres PRIVATE
  PQ_SLOW="$<TARGET_FILE:pq_slow>" PQ_OLD="$<TARGET_FILE:pq_old>")
