# What is lent to host adapters, and how they are called.
set(http_world unit/http_curl_call.c unit/http_curl_world.c)
shk_unit(http_login SOURCES ${http_world})
shk_unit(services_http SOURCES ${http_world})
shk_threads(services_http)
