# Where things go below the prefix. Debian keeps libraries in a folder for each architecture, in /usr and in
# /usr/local alike, and its loader, pkg-config and CMake look there under every prefix of their own.
if(EXISTS /etc/debian_version AND CMAKE_LIBRARY_ARCHITECTURE)
  set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "Libraries, below the prefix")
endif()
include(GNUInstallDirs)
set(SHIKAKU_INSTALL_SCRIPTS ${CMAKE_INSTALL_DATADIR}/shikaku/scripts)
set(SHIKAKU_INSTALL_DOC ${CMAKE_INSTALL_DOCDIR})
file(RELATIVE_PATH SHIKAKU_BIN_TO_LIB ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
