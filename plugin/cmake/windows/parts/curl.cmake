# HTTP over OpenSSL, with proxies and answers that are packed; resolves names in a thread of its own. No
# configuration of OpenSSL is read: on Windows its file would be one that others can plant.
set(dir ${SOURCES}/curl)
version_of(version curl/include/curl/curlver.h "LIBCURL_VERSION \"([0-9.]+)")
file(GLOB sources ${dir}/lib/*.c ${dir}/lib/vauth/*.c ${dir}/lib/vtls/*.c ${dir}/lib/vquic/*.c)
file(GLOB headers ${dir}/include/curl/*.h)
part(curl PC libcurl VERSION ${version} SOURCES ${sources} INCLUDES ${dir}/include INTO curl HEADERS ${headers}
  INSIDE BUILDING_LIBCURL HTTP_ONLY USE_OPENSSL USE_IPV6 CURL_DISABLE_OPENSSL_AUTO_LOAD_CONFIG
    CURL_DISABLE_NETRC CURL_DISABLE_ALTSVC CURL_DISABLE_HSTS CURL_DISABLE_DOH CURL_DISABLE_COOKIES CURL_DISABLE_MIME
    HAVE_LIBZ HAVE_STDBOOL_H HAVE_BOOL_T HAVE_INTTYPES_H HAVE_SIGNAL UNICODE _UNICODE
  OUTSIDE CURL_STATICLIB NEEDS libssl libcrypto zlib LIBS -lws2_32 -lcrypt32 -lbcrypt)
target_include_directories(curl PRIVATE ${dir}/lib ${SOURCES}/zlib ${CMAKE_PREFIX_PATH}/include)
