set(store_stage unit/store_stage.c fake/db_fault.c fake/clock_fake.c fake/temp_folder.c)
shk_unit(seal SOURCES fake/temp_folder.c)
foreach(part store outbox outbox_faults history store_purge store_rotate patients)
  shk_unit(${part} SOURCES ${store_stage} LINK -Wl,--wrap=thread_sleep)
  list(APPEND store_tests $<TARGET_FILE:test_${part}>)
endforeach()
# The bytes of SQLite's files.
shk_unit(store_disk SOURCES ${store_stage} LINK -Wl,--wrap=thread_sleep)

# The same on a server, with a schema for every case.
add_test(NAME unit.store_postgres COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/postgres/with-postgres.sh --
  ${CMAKE_CURRENT_SOURCE_DIR}/postgres/each.sh ${store_tests})
set_tests_properties(unit.store_postgres PROPERTIES TIMEOUT 600)
