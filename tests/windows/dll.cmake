# What a host and Windows see of shikaku.dll, and that the import libraries lead into it.
function(shk_dll name)
  add_test(NAME windows.${name} COMMAND ${ARGN})
  set_tests_properties(windows.${name} PROPERTIES TIMEOUT 600)
endfunction()

# A host has the header and its own compiler, and no flags of ours.
add_library(windows_host INTERFACE)
target_include_directories(windows_host INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_compile_options(windows_host INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

add_executable(windows_link link_host.c)
target_link_libraries(windows_link PRIVATE windows_host shikaku)
shk_dll(link_mingw ${wine} $<TARGET_FILE:windows_link>)

# As Visual Studio would: its linker's twin, with the checks that it makes of a 32-bit program.
find_program(SHIKAKU_LLD_LINK NAMES lld-link lld-link-14 REQUIRED)
add_library(windows_link_bare OBJECT link_host.c)
target_compile_definitions(windows_link_bare PRIVATE BARE)
target_link_libraries(windows_link_bare PRIVATE windows_host)
set(library ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/shikaku.lib)
set(linked ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/windows_link_msvc.exe)
add_custom_command(OUTPUT ${linked} VERBATIM
  COMMAND ${SHIKAKU_LLD_LINK} /nologo /entry:check /subsystem:console /nodefaultlib /safeseh /out:${linked}
    $<TARGET_OBJECTS:windows_link_bare> ${library}
  DEPENDS windows_link_bare $<TARGET_OBJECTS:windows_link_bare> shikaku_lib ${library})
add_custom_target(windows_link_msvc ALL DEPENDS ${linked})
shk_dll(link_msvc ${wine} ${linked})

set(about ${SHIKAKU_MACHINE} ${PROJECT_VERSION} $<TARGET_FILE:shikaku> ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/shikaku.debug
  ${CMAKE_BINARY_DIR}/plugin/shikaku.resources/shikaku.manifest)
shk_dll(dll ${SHIKAKU_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/dll.py ${about})
shk_dll(dll_finds ${SHIKAKU_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/test_dll.py ${about})
shk_dll(relink ${SHIKAKU_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/relink.py ${CMAKE_BINARY_DIR})

add_executable(windows_host_state host_state.c)
target_link_libraries(windows_host_state PRIVATE windows_host)
add_dependencies(windows_host_state shikaku)
shk_dll(host_state ${wine} $<TARGET_FILE:windows_host_state>)

# What the target `package` makes.
shk_dll(package ${SHIKAKU_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/package.py ${CMAKE_BINARY_DIR} ${PROJECT_VERSION}
  ${shikaku_package})
