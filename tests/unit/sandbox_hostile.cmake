# The scripts of tests/sandbox: they end in a clean fault, and the host goes on.
shk_unit(sandbox_hostile SOURCES unit/sandbox_stage.c unit/slurp.c
  LINK -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free)
