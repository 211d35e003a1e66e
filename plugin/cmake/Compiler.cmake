# Warnings, hardening and sanitizers for our own sources.
add_library(shikaku_flags INTERFACE)
target_compile_options(shikaku_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  -fvisibility=hidden -fno-common -fstack-protector-strong)
target_compile_definitions(shikaku_flags INTERFACE _POSIX_C_SOURCE=200809L)

if(SHIKAKU_SANITIZE STREQUAL "address")
  set(sanitize -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(SHIKAKU_SANITIZE STREQUAL "thread")
  set(sanitize -fsanitize=thread -fno-omit-frame-pointer)
else()
  set(sanitize)
  if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" OR CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_definitions(shikaku_flags INTERFACE _FORTIFY_SOURCE=2)
  endif()
endif()
# For everything, foreign sources that we build included.
if(SHIKAKU_FUZZ)
  list(APPEND sanitize -fsanitize=fuzzer-no-link)
endif()
add_compile_options(${sanitize})
add_link_options(${sanitize})
# OpenSSL's macros write __FILE__ into the library; nobody's folders belong there.
add_compile_options(-fmacro-prefix-map=${PROJECT_BINARY_DIR}/= -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# One layer: an OBJECT library of one folder. USES names the layers whose headers it may include,
# FOREIGN the imported targets of other libraries.
function(shk_layer name)
  cmake_parse_arguments(layer "" "" "SOURCES;USES;FOREIGN" ${ARGN})
  add_library(${name} OBJECT ${layer_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}
                                     PRIVATE ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(${name} PRIVATE shikaku_flags ${layer_FOREIGN})
  foreach(used IN LISTS layer_USES)
    # Only the include path: objects are gathered once, by the library.
    target_include_directories(${name} PRIVATE $<TARGET_PROPERTY:${used},SOURCE_DIR>)
  endforeach()
  set_property(GLOBAL APPEND PROPERTY SHIKAKU_LAYERS ${name})
  set_property(GLOBAL APPEND PROPERTY SHIKAKU_FOREIGN ${layer_FOREIGN})
endfunction()
