
shk_unit(files_slots SOURCES ${fake}/files_fake.c ${fake}/temp_folder.c)
shk_unit(files_more SOURCES ${fake}/disk_fault.c ${fake}/temp_folder.c LINK ${disk_fault_link})
shk_unit(zip)
shk_unit(clipboard)
shk_unit(socket_wait)
shk_unit(run_folder SOURCES ${fake}/temp_folder.c)
shk_unit(arrival_app SOURCES ${fake}/clock_fake.c ${fake}/files_fake.c ${fake}/clipboard_fake.c)
