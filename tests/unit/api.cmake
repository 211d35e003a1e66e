# The exports and the configuration.
set(fake ${CMAKE_CURRENT_SOURCE_DIR}/fake)
shk_unit(api SOURCES ${fake}/api_host.c ${fake}/temp_folder.c)
shk_unit(config SOURCES ${fake}/files_fake.c)
shk_threads(api)
