set(disk_fault_link
  -Wl,--wrap=openat,--wrap=write,--wrap=fsync,--wrap=ftruncate,--wrap=close,--wrap=renameat,--wrap=renameat2
  -Wl,--wrap=linkat,--wrap=unlinkat,--wrap=unlink)
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)

shk_unit(bytes)
shk_unit(text)
shk_unit(fault)
shk_unit(log SOURCES ${fake}/clock_fake.c)
shk_unit(thread)
shk_unit(files SOURCES ${fake}/disk_fault.c ${fake}/temp_folder.c LINK ${disk_fault_link})
shk_unit(adapters)
shk_unit(folder SOURCES ${fake}/files_fake.c ${fake}/services_fake.c)
shk_unit(folder_disk SOURCES ${fake}/services_fake.c ${fake}/disk_fault.c ${fake}/temp_folder.c
  LINK ${disk_fault_link})
shk_unit(folder_once SOURCES ${fake}/services_fake.c ${fake}/disk_fault.c ${fake}/temp_folder.c
  LINK ${disk_fault_link})
set(folder_desk unit/folder_adapter_stage.c ${fake}/files_fake.c ${fake}/services_fake.c)
foreach(name folder_host folder_share adapter_face)
  shk_unit(${name} SOURCES ${folder_desk})
endforeach()
shk_threads(log thread files folder folder_disk)
