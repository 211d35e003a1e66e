# The Debian packages: `cmake --build --preset release --target package`.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME shikaku)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "eligibility of Japanese health insurance by the My Number Card")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL library devel tools common)
set(CPACK_COMPONENTS_GROUPING IGNORE)

set(SHIKAKU_MAINTAINER "The Shikaku contributors <shikaku@packages.invalid>" CACHE STRING
  "Who answers for the Debian packages")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${SHIKAKU_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

# What is loaded at run time, dpkg-shlibdeps cannot see: PC/SC always, HTTP and ZIP when they are first needed
# (plugin/late), the others where a configuration says so.
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libshikaku1)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS "libpcsclite1, libcurl4 (>= 7.85), libarchive13")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_RECOMMENDS "pcscd, ca-certificates, shikaku-common")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SUGGESTS "libpq5, libodbc2")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${linux}/debian/triggers;${linux}/debian/shlibs)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
"A plugin for receipt and practice-management software: it reads the patient's
My Number Card, asks whether the patient is insured, maps the answer with Lua
scripts and delivers the documents to the host.

This package is what a program that uses the library needs to run.")

set(CPACK_DEBIAN_DEVEL_PACKAGE_NAME libshikaku-dev)
set(CPACK_DEBIAN_DEVEL_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVEL_PACKAGE_DEPENDS "libshikaku1 (= ${version})")
set(CPACK_DEBIAN_DEVEL_PACKAGE_SUGGESTS "pkg-config, cmake, shikaku-common")
set(CPACK_DEBIAN_DEVEL_PACKAGE_SHLIBDEPS OFF)
set(CPACK_COMPONENT_DEVEL_DESCRIPTION
"Headers, manual pages, pkg-config file and CMake package of Shikaku, for
programs that use the library and for adapters that it loads.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME shikaku)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "libshikaku1 (= ${version}), shikaku-common (= ${version})")
set(CPACK_DEBIAN_TOOLS_PACKAGE_RECOMMENDS pcscd)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS bash-completion)
set(CPACK_COMPONENT_TOOLS_DESCRIPTION
"The host for the command line, which checks cards, maps answers and looks
after what waits, with its manual pages and completion for bash.")

set(CPACK_DEBIAN_COMMON_PACKAGE_NAME shikaku-common)
set(CPACK_DEBIAN_COMMON_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_COMMON_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_COMMON_PACKAGE_SHLIBDEPS OFF)
set(CPACK_COMPONENT_COMMON_DESCRIPTION
"The mapping scripts and packs that ship, the pages in Japanese and English,
and an example host in each of several languages.")

# Compressed pages, copyright and changelog: what Debian wants of each package and a plain prefix does not.
configure_file(${linux}/debian/finish.cmake.in ${made}/finish.cmake @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS ${made}/finish.cmake)
include(CPack)
