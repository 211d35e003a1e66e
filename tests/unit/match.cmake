# Whose answer this is, and a set of records as bytes.
shk_unit(record_replace)
shk_unit(record_freeze SOURCES unit/app_stage.c unit/slurp.c)
shk_unit(match SOURCES unit/match_stage.c unit/match_cases.c)
shk_unit(match_town SOURCES unit/match_town.c)
shk_unit(match_fields)
