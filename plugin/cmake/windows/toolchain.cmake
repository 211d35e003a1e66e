# MinGW-w64 as Debian packs it.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR ${SHIKAKU_MACHINE})
set(mingw ${SHIKAKU_MACHINE}-w64-mingw32)
set(CMAKE_C_COMPILER ${mingw}-gcc)
set(CMAKE_CXX_COMPILER ${mingw}-g++)
set(CMAKE_RC_COMPILER ${mingw}-windres)
set(CMAKE_FIND_ROOT_PATH /usr/${mingw})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Nothing here is unwound. On x64 Windows itself needs the tables to pass a crash on; on x86 they would only
# be a fifth of the DLL and hold on to every function that nothing calls.
if(SHIKAKU_MACHINE STREQUAL i686)
  set(CMAKE_C_FLAGS_INIT -fno-asynchronous-unwind-tables)
endif()
