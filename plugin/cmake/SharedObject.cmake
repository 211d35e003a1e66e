# libshikaku.so: our exports alone, never unloaded once loaded. What it seldom needs it loads late.
set(shared_objects ${objects})
list(REMOVE_ITEM shared_objects $<TARGET_OBJECTS:linked>)
set(shared_foreign ${foreign})
list(REMOVE_ITEM shared_foreign PkgConfig::CURL PkgConfig::ARCHIVE)
add_library(shikaku SHARED ${shared_objects} $<TARGET_OBJECTS:loaded>)
set_target_properties(shikaku PROPERTIES VERSION 1.${PROJECT_VERSION} SOVERSION 1
  LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/shikaku.map)
target_include_directories(shikaku INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(shikaku PRIVATE ${shared_foreign} ${foreign_system})
target_link_options(shikaku PRIVATE
  -Wl,--version-script=${CMAKE_CURRENT_SOURCE_DIR}/shikaku.map
  -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now -Wl,--exclude-libs,ALL)
if(NOT SHIKAKU_SANITIZE)
  # A sanitizer's run-time symbols come from the program.
  target_link_options(shikaku PRIVATE -Wl,-z,defs)
endif()
