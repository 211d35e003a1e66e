shk_unit(db SOURCES unit/db_stage.c fake/pg_server.c fake/temp_folder.c)
