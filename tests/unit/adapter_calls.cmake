# What is lent to host adapters, and how they are called.
set(http_world unit/http_curl_call.c unit/http_curl_world.c)
shk_unit(http_login SOURCES ${http_world})
shk_unit(services_http SOURCES ${http_world})
shk_threads(services_http)
foreach(part adapter_call adapter_hang adapter_services)
  shk_unit(${part} SOURCES unit/adapter_stage.c fake/temp_folder.c)
endforeach()
shk_threads(adapter_call adapter_hang adapter_services)

include(${CMAKE_CURRENT_SOURCE_DIR}/modules/modules.cmake)
shk_unit(adapter_module SOURCES unit/adapter_stage.c fake/temp_folder.c)
target_compile_definitions(test_adapter_module PRIVATE MODULES="${modules_folder}")
add_dependencies(test_adapter_module adapter_modules)
shk_threads(adapter_module)

shk_unit(http_adapter SOURCES unit/adapter_stage.c fake/temp_folder.c OWN unit/http_curl_world.c)
target_compile_definitions(test_http_adapter PRIVATE
  SERVER_SCRIPT="${CMAKE_CURRENT_SOURCE_DIR}/unit/host_server.py")

# contract.adapter_page runs it with the C++ build of the same file, too.
shk_unit(adapter_example SOURCES unit/adapter_stage.c fake/temp_folder.c)
target_compile_definitions(test_adapter_example PRIVATE EXAMPLE="$<TARGET_FILE_DIR:line>")
add_dependencies(test_adapter_example line)
