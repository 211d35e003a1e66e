# The reader of ZIP alone.
set(dir ${SOURCES}/libarchive/libarchive)
version_of(version libarchive/libarchive/archive.h "ARCHIVE_VERSION_ONLY_STRING \"([0-9.]+)")
set(sources archive_acl archive_check_magic archive_cryptor archive_digest archive_entry archive_entry_sparse
  archive_entry_stat archive_entry_strmode archive_entry_xattr archive_hmac archive_options
  archive_ppmd8 archive_random archive_rb archive_read archive_read_add_passphrase
  archive_read_set_options archive_read_support_filter_none archive_read_support_format_zip
  archive_string archive_string_sprintf archive_util archive_version_details archive_virtual archive_windows)
list(TRANSFORM sources PREPEND ${dir}/)
list(TRANSFORM sources APPEND .c)
configure_file(${here}/libarchive_config.h ${made}/libarchive/config.h COPYONLY)
part(archive PC libarchive VERSION ${version} SOURCES ${sources} INCLUDES ${made}/libarchive ${dir}
  HEADERS ${dir}/archive.h ${dir}/archive_entry.h INSIDE HAVE_CONFIG_H OUTSIDE LIBARCHIVE_STATIC NEEDS zlib
  LIBS -lbcrypt)
target_link_libraries(archive PUBLIC z)
