# What `cmake --install` puts where. Four components, which become four packages: `library` is what a host needs
# to run, `devel` what it is built with, `tools` the console, `common` the scripts, the pages and the examples.
include(CMakePackageConfigHelpers)
set(linux ${CMAKE_CURRENT_LIST_DIR})
set(made ${PROJECT_BINARY_DIR}/install)
set(root ${PROJECT_SOURCE_DIR})

install(TARGETS shikaku EXPORT shikaku
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT devel)
install(TARGETS shikaku-console RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)

# For those who build a host or an adapter.
install(DIRECTORY ${root}/include/shikaku DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT devel)
file(RELATIVE_PATH SHIKAKU_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" SHIKAKU_PC_TO_PREFIX ${SHIKAKU_PC_TO_PREFIX})
configure_file(${linux}/shikaku.pc.in ${made}/shikaku.pc @ONLY)
install(FILES ${made}/shikaku.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT devel)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/shikaku)
install(EXPORT shikaku NAMESPACE shikaku:: FILE shikakuTargets.cmake DESTINATION ${package} COMPONENT devel)
configure_package_config_file(${linux}/shikakuConfig.cmake.in ${made}/shikakuConfig.cmake
  INSTALL_DESTINATION ${package} PATH_VARS SHIKAKU_INSTALL_SCRIPTS)
write_basic_package_version_file(${made}/shikakuConfigVersion.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${made}/shikakuConfig.cmake ${made}/shikakuConfigVersion.cmake DESTINATION ${package} COMPONENT devel)

# The page of the header is found under each function's name too.
set(man ${CMAKE_INSTALL_MANDIR})
install(FILES ${root}/docs/man/shikaku.h.3 DESTINATION ${man}/man3 COMPONENT devel)
file(STRINGS ${root}/plugin/shikaku.map functions REGEX "^ +shk_[a-z_]+;")
foreach(function IN LISTS functions)
  string(REGEX MATCH "shk_[a-z_]+" function ${function})
  file(WRITE ${made}/man3/${function}.3 ".so man3/shikaku.h.3\n")
  install(FILES ${made}/man3/${function}.3 DESTINATION ${man}/man3 COMPONENT devel)
endforeach()
install(FILES ${root}/docs/man/shikaku.1 DESTINATION ${man}/man1 COMPONENT tools)
install(FILES ${root}/docs/man/shikaku.lua.5 DESTINATION ${man}/man5 COMPONENT tools)
install(FILES ${linux}/completion.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME shikaku COMPONENT tools)

# Scripts, pages and examples keep their places to each other, so that the links between them hold.
set(no_rubbish PATTERN .gitignore EXCLUDE PATTERN __pycache__ EXCLUDE PATTERN CMakeLists.txt EXCLUDE)
install(DIRECTORY ${root}/scripts/ DESTINATION ${SHIKAKU_INSTALL_SCRIPTS} COMPONENT common ${no_rubbish})
install(FILES ${root}/README.md DESTINATION ${SHIKAKU_INSTALL_DOC} COMPONENT common)
install(DIRECTORY ${root}/docs DESTINATION ${SHIKAKU_INSTALL_DOC} COMPONENT common
  ${no_rubbish} PATTERN man EXCLUDE)
install(DIRECTORY ${root}/examples DESTINATION ${SHIKAKU_INSTALL_DOC} COMPONENT common
  ${no_rubbish} PATTERN console EXCLUDE REGEX "/(demo[^/]*|run)\\.sh$" EXCLUDE)
file(RELATIVE_PATH to_scripts /${SHIKAKU_INSTALL_DOC} /${SHIKAKU_INSTALL_SCRIPTS})
file(CREATE_LINK ${to_scripts} ${made}/scripts SYMBOLIC)
install(FILES ${made}/scripts DESTINATION ${SHIKAKU_INSTALL_DOC} COMPONENT common)
file(RELATIVE_PATH to_headers /${SHIKAKU_INSTALL_DOC}/include /${CMAKE_INSTALL_INCLUDEDIR}/shikaku)
file(MAKE_DIRECTORY ${made}/include)
file(CREATE_LINK ${to_headers} ${made}/include/shikaku SYMBOLIC)
install(FILES ${made}/include/shikaku DESTINATION ${SHIKAKU_INSTALL_DOC}/include COMPONENT devel)

include(${linux}/Package.cmake)
