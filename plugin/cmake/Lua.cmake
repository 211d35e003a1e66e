# Lua is built from source into the plugin, static and hidden, so that a host's own Lua never meets
# ours. Debian ships liblua5.4.a without -fPIC, hence its source package.
set(SHIKAKU_LUA_SOURCE "" CACHE PATH "Folder with Lua 5.4's C sources; empty: fetched as a Debian source package")
set(lua_dir ${SHIKAKU_LUA_SOURCE})
if(NOT lua_dir)
  execute_process(COMMAND sh ${PROJECT_SOURCE_DIR}/tests/setup/lua-source.sh
    OUTPUT_VARIABLE lua_dir OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE lua_result)
  if(NOT lua_result EQUAL 0)
    message(FATAL_ERROR "The source of Lua 5.4 could not be fetched; give -DSHIKAKU_LUA_SOURCE=DIR")
  endif()
endif()

set(lua_parts lapi lcode lctype ldebug ldo ldump lfunc lgc llex lmem lobject lopcodes lparser lstate
  lstring ltable ltm lundump lvm lzio lauxlib lbaselib lmathlib lstrlib ltablib lutf8lib)
list(TRANSFORM lua_parts PREPEND ${lua_dir}/)
list(TRANSFORM lua_parts APPEND .c)
add_library(lua STATIC ${lua_parts})
target_include_directories(lua SYSTEM PUBLIC ${lua_dir})
# Texts compare by bytes whatever the host's locale is, and a table is walked in the same order in
# every run.
target_compile_options(lua PRIVATE -fvisibility=hidden -w "-Dstrcoll=strcmp" "-Dluai_makeseed(L)=1u")
