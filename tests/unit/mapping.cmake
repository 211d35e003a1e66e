# Scripts: contract, documents, the sandbox, the configuration reader.
shk_unit(mapping)
shk_unit(sandbox SOURCES ${CMAKE_CURRENT_SOURCE_DIR}/fake/clock_fake.c
  LINK -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free)
shk_unit(lua_table)
