# Making a pack from a host's own sample.
set(pack_new_stage unit/pack_new_stage.c unit/slurp.c)
shk_unit(pack_new SOURCES ${pack_new_stage} unit/mapping_stage.c)
shk_unit(pack_new_guess SOURCES ${pack_new_stage})
shk_unit(pack_new_whole SOURCES ${pack_new_stage} ${CMAKE_CURRENT_SOURCE_DIR}/fake/files_fake.c
  ${CMAKE_CURRENT_SOURCE_DIR}/fake/clock_fake.c)
shk_unit(pack_new_memory SOURCES ${pack_new_stage}
  LINK -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free)
