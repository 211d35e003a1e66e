# Scripts: contract, documents, the sandbox, the configuration reader.
foreach(subject contract csv xml rows file_name groups losses overlay batch sql)
  shk_unit(mapping_${subject} SOURCES unit/mapping_stage.c)
endforeach()
foreach(subject helpers shipped)
  shk_unit(mapping_${subject} SOURCES unit/mapping_stage.c unit/slurp.c)
endforeach()
set(sandbox_stage unit/sandbox_stage.c unit/slurp.c)
shk_unit(sandbox_budget SOURCES ${sandbox_stage} fake/clock_fake.c)
shk_unit(sandbox_reach SOURCES ${sandbox_stage})
shk_unit(sandbox_lua SOURCES ${sandbox_stage})
shk_unit(sandbox_memory SOURCES ${sandbox_stage}
  LINK -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free)
shk_unit(lua_table)
