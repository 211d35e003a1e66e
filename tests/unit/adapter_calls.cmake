# What is lent to host adapters, and how they are called.
set(http_world unit/http_curl_call.c unit/http_curl_world.c)
shk_unit(http_login SOURCES ${http_world})
shk_unit(services_http SOURCES ${http_world})
shk_threads(services_http)
foreach(part adapter_call adapter_hang)
  shk_unit(${part} SOURCES unit/adapter_stage.c fake/temp_folder.c)
endforeach()
shk_threads(adapter_call adapter_hang)
