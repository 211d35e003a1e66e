# shikaku.dll: beside it lies no other DLL than Windows' own.
set(windows ${CMAKE_CURRENT_LIST_DIR})
add_library(shikaku SHARED ${objects})
shk_resources(shikaku shikaku.dll "Shikaku: マイナンバーカードによる資格の照会(非公式)")
set_target_properties(shikaku PROPERTIES PREFIX "" IMPORT_PREFIX "" IMPORT_SUFFIX ".dll.a"
  ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}
  LINK_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/shikaku.def;${windows}/finish.sh")
target_include_directories(shikaku INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(shikaku PRIVATE ${foreign} ${foreign_system})
target_link_options(shikaku PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/shikaku.def
  -static -static-libgcc -Wl,--exclude-all-symbols -Wl,--enable-stdcall-fixup -Wl,--gc-sections
  -Wl,--dynamicbase -Wl,--nxcompat -Wl,--no-insert-timestamp -Wl,--disable-auto-image-base)
if(SHIKAKU_MACHINE STREQUAL x86_64)
  target_link_options(shikaku PRIVATE -Wl,--high-entropy-va)
endif()

# Beside it: what a debugger needs (shikaku.debug), and the import library for MinGW (lib/shikaku.dll.a).
set(shikaku_debug ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/shikaku.debug)
set(shikaku_imports ${CMAKE_CURRENT_BINARY_DIR}/imports.def)
set(shikaku_finish sh ${windows}/finish.sh ${SHIKAKU_MACHINE} $<TARGET_FILE:shikaku>
  ${CMAKE_CURRENT_SOURCE_DIR}/shikaku.def ${shikaku_debug} ${shikaku_imports} $<TARGET_LINKER_FILE:shikaku>)
add_custom_command(TARGET shikaku POST_BUILD COMMAND ${shikaku_finish} VERBATIM
  BYPRODUCTS ${shikaku_debug} ${shikaku_imports})

# The import library for Microsoft's linker (lib/shikaku.lib), in the short form that its own tools write:
# it refuses MinGW's for a 32-bit program, whose objects do not say that they have no exception handlers.
find_program(SHIKAKU_LLVM_DLLTOOL NAMES llvm-dlltool llvm-dlltool-14)
set(shikaku_lib ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/shikaku.lib)
if(SHIKAKU_MACHINE STREQUAL i686)
  set(shikaku_lib_machine i386)
else()
  set(shikaku_lib_machine i386:x86-64)
endif()
if(NOT SHIKAKU_LLVM_DLLTOOL)
  message(FATAL_ERROR "llvm-dlltool makes lib/shikaku.lib (Debian's package llvm)")
endif()
add_custom_command(OUTPUT ${shikaku_lib} VERBATIM
  COMMAND ${SHIKAKU_LLVM_DLLTOOL} -m ${shikaku_lib_machine} -k -d ${shikaku_imports} -l ${shikaku_lib}
  DEPENDS shikaku ${shikaku_imports})
add_custom_target(shikaku_lib ALL DEPENDS ${shikaku_lib})
