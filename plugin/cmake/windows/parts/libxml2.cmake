# The parser, its tree and pushing: no files of its own, no network, no XPath, no schemas. Text in
# CP932 is made UTF-8 before it comes here, so that it needs no iconv.
set(dir ${SOURCES}/libxml2)
version_of(major libxml2/configure.ac "MAJOR_VERSION\\], ([0-9]+)")
version_of(minor libxml2/configure.ac "MINOR_VERSION\\], ([0-9]+)")
version_of(micro libxml2/configure.ac "MICRO_VERSION\\], ([0-9]+)")
set(VERSION ${major}.${minor}.${micro})
math(EXPR LIBXML_VERSION_NUMBER "${major} * 10000 + ${minor} * 100 + ${micro}")
set(LIBXML_VERSION_EXTRA "")
set(MODULE_EXTENSION ".dll")
foreach(without TRIO THREAD_ALLOC READER PATTERN WRITER SAX1 FTP HTTP VALID HTML LEGACY C14N CATALOG DOCB
    XPATH XPTR XINCLUDE ICONV ICU ISO8859X DEBUG MEM_DEBUG RUN_DEBUG REGEXPS SCHEMAS SCHEMATRON MODULES ZLIB LZMA)
  set(WITH_${without} 0)
endforeach()
foreach(with THREADS TREE OUTPUT PUSH)
  set(WITH_${with} 1)
endforeach()
configure_file(${dir}/include/libxml/xmlversion.h.in ${made}/libxml2/libxml/xmlversion.h @ONLY)
configure_file(${dir}/include/win32config.h ${made}/libxml2/config.h COPYONLY)
file(GLOB headers ${dir}/include/libxml/*.h)
list(FILTER headers EXCLUDE REGEX "/xmlversion\\.h$")
set(sources SAX SAX2 buf chvalid dict encoding entities error globals hash list parser parserInternals
  threads tree uri valid xmlIO xmlmemory xmlsave xmlstring xmlunicode)
list(TRANSFORM sources PREPEND ${dir}/)
list(TRANSFORM sources APPEND .c)
part(xml2 PC libxml-2.0 VERSION ${VERSION} SOURCES ${sources} INCLUDES ${made}/libxml2 ${dir}/include
  INTO libxml HEADERS ${headers} ${made}/libxml2/libxml/xmlversion.h
  INSIDE HAVE_WIN32_THREADS OUTSIDE LIBXML_STATIC LIBS -lws2_32)
