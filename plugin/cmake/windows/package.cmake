# `cmake --build --preset win64 --target package`: the zip that a vendor ships, build/win64/shikaku-VERSION-windows-x64.zip.
find_program(SHIKAKU_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
if(SHIKAKU_MACHINE STREQUAL i686)
  set(package_name shikaku-${PROJECT_VERSION}-windows-x86.zip)
else()
  set(package_name shikaku-${PROJECT_VERSION}-windows-x64.zip)
endif()
get_target_property(package_lua lua INTERFACE_INCLUDE_DIRECTORIES)
set(shikaku_package ${SHIKAKU_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/package.py --machine ${SHIKAKU_MACHINE}
  --version ${PROJECT_VERSION} --build ${CMAKE_BINARY_DIR} --parts ${SHIKAKU_PARTS} --lua ${package_lua} --out)
add_custom_target(package COMMAND ${shikaku_package} ${CMAKE_BINARY_DIR}/${package_name} VERBATIM
  COMMENT "${package_name}")
add_dependencies(package shikaku shikaku_lib shikaku-console)
