set(store_stage unit/store_stage.c fake/db_fault.c fake/clock_fake.c fake/temp_folder.c)
shk_unit(seal SOURCES fake/temp_folder.c)
foreach(part store outbox outbox_faults history store_purge store_rotate patients)
  shk_unit(${part} SOURCES ${store_stage} LINK -Wl,--wrap=thread_sleep)
  # The same on a server, with a schema for every case.
  add_test(NAME postgres.${part} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/postgres/with-postgres.sh --
    $<TARGET_FILE:test_${part}>)
  set_tests_properties(postgres.${part} PROPERTIES TIMEOUT 2400)
endforeach()
# The bytes of SQLite's files, and values that only SQLite lets into a column.
shk_unit(store_damaged SOURCES ${store_stage} LINK -Wl,--wrap=thread_sleep)
shk_unit(store_disk SOURCES ${store_stage} LINK -Wl,--wrap=thread_sleep)
