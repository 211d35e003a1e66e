# The folders of a terminal. Over real folders and a simulator: tests/oqs-terminal.
set(folder_parts unit/folder_stage.c fake/files_fake.c fake/clock_fake.c)
shk_unit(route_folder SOURCES ${folder_parts})
shk_unit(route_folder_renew SOURCES ${folder_parts})
shk_unit(route_folder_parts SOURCES ${folder_parts})
shk_unit(folder_fetch SOURCES ${folder_parts})
shk_unit(arrival_face SOURCES fake/files_fake.c fake/clock_fake.c fake/temp_folder.c LINK -Wl,--wrap=calloc)
shk_unit(arrival_face_thread SOURCES fake/temp_folder.c)
shk_threads(arrival_face arrival_face_thread)
