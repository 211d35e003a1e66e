# The document formats on their own: cells in, bytes out.
foreach(subject csv fixed xml xml_parsed json hl7 text)
  shk_unit(format_${subject} SOURCES unit/format_stage.c)
endforeach()
shk_unit(format_memory SOURCES unit/format_stage.c
  LINK -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free)
# The examples of docs/formats.md, through the engine.
shk_unit(format_doc SOURCES unit/mapping_stage.c unit/slurp.c)
