# Asking again for a whole table of patients.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
set(bulk_stage unit/bulk_stage.c ${fake}/route_fake.c ${fake}/clock_fake.c ${fake}/temp_folder.c)
shk_unit(csv_read)
shk_unit(columns SOURCES unit/slurp.c)
shk_unit(bulk_state)
foreach(part bulk bulk_desk bulk_resume bulk_service)
  shk_unit(${part} SOURCES ${bulk_stage} LINK -Wl,--wrap=thread_sleep)
endforeach()
shk_unit(bulk_large SOURCES ${bulk_stage}
  LINK -Wl,--wrap=thread_sleep,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free)
set_property(TEST unit.bulk_large APPEND PROPERTY LABELS memory)
