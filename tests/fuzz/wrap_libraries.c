/* Of libcurl, SQLite, libxml2, Jansson, libarchive and Lua. */
#include <archive.h>
#include <curl/curl.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <lua.h>
#include <sqlite3.h>
#include <stdarg.h>

#include "late.h"
#include "wrap_calls.h"

/* curl's header makes macros of these to check types. */
#undef curl_easy_setopt
#undef curl_easy_getinfo

/* clang-format off: a call is a line, or begins one */
/* What is linked here is loaded in the product, and may be missing. */
WRAP(WRAP_FILE, late_need, int32_t, (enum late_library which, struct fault *why), (which, why),
     fault_raise(why, SHK_E_LIBRARY))

WRAP(WRAP_HTTP, curl_global_init, CURLcode, (long flags), (flags), CURLE_FAILED_INIT)
WRAP(WRAP_HTTP, curl_easy_init, CURL *, (void), (), NULL)
WRAP(WRAP_HTTP, curl_easy_duphandle, CURL *, (CURL * c), (c), NULL)
WRAP(WRAP_HTTP, curl_multi_init, CURLM *, (void), (), NULL)
WRAP(WRAP_HTTP, curl_multi_add_handle, CURLMcode, (CURLM * m, CURL *c), (m, c), CURLM_OUT_OF_MEMORY)
WRAP(WRAP_HTTP, curl_multi_perform, CURLMcode, (CURLM * m, int *n), (m, n), CURLM_INTERNAL_ERROR)
WRAP(WRAP_HTTP, curl_multi_poll, CURLMcode,
     (CURLM * m, struct curl_waitfd *fds, unsigned n, int ms, int *ready), (m, fds, n, ms, ready),
     CURLM_OUT_OF_MEMORY)
WRAP(WRAP_HTTP, curl_slist_append, struct curl_slist *,
     (struct curl_slist * list, const char *text), (list, text), NULL)

WRAP(WRAP_DB, sqlite3_open_v2, int, (const char *path, sqlite3 **db, int flags, const char *vfs),
     (path, db, flags, vfs), (*db = NULL, SQLITE_NOMEM))
WRAP(WRAP_DB, sqlite3_prepare_v3, int,
     (sqlite3 * db, const char *sql, int n, unsigned flags, sqlite3_stmt **out, const char **tail),
     (db, sql, n, flags, out, tail), (*out = NULL, SQLITE_IOERR))
WRAP(WRAP_DB, sqlite3_step, int, (sqlite3_stmt * s), (s), SQLITE_FULL)
WRAP(WRAP_DB, sqlite3_bind_int64, int, (sqlite3_stmt * s, int at, sqlite3_int64 n), (s, at, n),
     SQLITE_NOMEM)
WRAP(WRAP_DB, sqlite3_bind_null, int, (sqlite3_stmt * s, int at), (s, at), SQLITE_NOMEM)
WRAP(WRAP_DB, sqlite3_bind_blob64, int,
     (sqlite3_stmt * s, int at, const void *p, sqlite3_uint64 n, void (*free_it)(void *)),
     (s, at, p, n, free_it), SQLITE_NOMEM)
WRAP(WRAP_DB, sqlite3_bind_text64, int,
     (sqlite3_stmt * s, int at, const char *p, sqlite3_uint64 n, void (*free_it)(void *),
      unsigned char encoding),
     (s, at, p, n, free_it, encoding), SQLITE_NOMEM)
WRAP(WRAP_DB, sqlite3_busy_timeout, int, (sqlite3 * db, int ms), (db, ms), SQLITE_MISUSE)

/* libxml2 2.9 tells its errors of memory to the context that it has just freed (these two). */
WRAP_FRAGILE(WRAP_TEXT, xmlCreatePushParserCtxt, xmlParserCtxtPtr,
             (xmlSAXHandlerPtr sax, void *self, const char *p, int n, const char *name),
             (sax, self, p, n, name), NULL)
WRAP_FRAGILE(WRAP_TEXT, xmlNewParserCtxt, xmlParserCtxtPtr, (void), (), NULL)
/* It reads on in an input that it has given up, and leaks of entities. */
WRAP_FRAGILE(WRAP_TEXT, xmlCtxtReadMemory, xmlDocPtr,
             (xmlParserCtxtPtr x, const char *p, int n, const char *url, const char *encoding,
              int options),
             (x, p, n, url, encoding, options), NULL)
WRAP(WRAP_TEXT, xmlParserInputBufferPush, int, (xmlParserInputBufferPtr in, int n, const char *p),
     (in, n, p), -1)

WRAP(WRAP_TEXT, json_array, json_t *, (void), (), NULL)
WRAP(WRAP_TEXT, json_object, json_t *, (void), (), NULL)
WRAP(WRAP_TEXT, json_integer, json_t *, (json_int_t value), (value), NULL)
WRAP(WRAP_TEXT, json_string, json_t *, (const char *text), (text), NULL)
WRAP(WRAP_TEXT, json_string_nocheck, json_t *, (const char *text), (text), NULL)
/* Jansson 2.14 reads on in an object that it could not make. */
WRAP_FRAGILE(WRAP_TEXT, json_loadb, json_t *,
             (const char *p, size_t n, size_t flags, json_error_t *why), (p, n, flags, why), NULL)
WRAP(WRAP_TEXT, json_dumps, char *, (const json_t *json, size_t flags), (json, flags), NULL)
WRAP(WRAP_TEXT, json_dump_callback, int,
     (const json_t *json, json_dump_callback_t put, void *self, size_t flags),
     (json, put, self, flags), -1)
/* These take their value over when they fail, too. */
WRAP(WRAP_TEXT, json_object_set_new, int, (json_t * to, const char *key, json_t *value),
     (to, key, value), (json_decref(value), -1))
WRAP(WRAP_TEXT, json_object_set_new_nocheck, int, (json_t * to, const char *key, json_t *value),
     (to, key, value), (json_decref(value), -1))
WRAP(WRAP_TEXT, json_array_append_new, int, (json_t * to, json_t *value), (to, value),
     (json_decref(value), -1))

WRAP(WRAP_TEXT, archive_read_new, struct archive *, (void), (), NULL)
WRAP(WRAP_TEXT, archive_read_support_format_zip_streamable, int, (struct archive * a), (a),
     ARCHIVE_FATAL)
WRAP(WRAP_TEXT, archive_read_open, int,
     (struct archive * a, void *self, archive_open_callback *open, archive_read_callback *read,
      archive_close_callback *close),
     (a, self, open, read, close), ARCHIVE_FATAL)
WRAP(WRAP_TEXT, archive_read_next_header, int, (struct archive * a, struct archive_entry **entry),
     (a, entry), ARCHIVE_FATAL)
WRAP(WRAP_TEXT, archive_read_data_block, int,
     (struct archive * a, const void **p, size_t *n, la_int64_t *at), (a, p, n, at), ARCHIVE_FATAL)

WRAP(WRAP_MEMORY, lua_newstate, lua_State *, (lua_Alloc alloc, void *self), (alloc, self), NULL)
/* clang-format on */

/* NOLINTBEGIN(bugprone-reserved-identifier) */
CURLcode __real_curl_easy_setopt(CURL *c, CURLoption option, ...);
CURLcode __wrap_curl_easy_setopt(CURL *c, CURLoption option, ...);
CURLcode __real_curl_easy_getinfo(CURL *c, CURLINFO info, ...);
CURLcode __wrap_curl_easy_getinfo(CURL *c, CURLINFO info, ...);

/* Every argument of these two fits a pointer. */
CURLcode __wrap_curl_easy_setopt(CURL *c, CURLoption option, ...) {
    va_list ap;
    va_start(ap, option);
    void *argument = va_arg(ap, void *);
    va_end(ap);
    return wrap_fails(WRAP_HTTP) ? CURLE_OUT_OF_MEMORY
                                 : __real_curl_easy_setopt(c, option, argument);
}

CURLcode __wrap_curl_easy_getinfo(CURL *c, CURLINFO info, ...) {
    va_list ap;
    va_start(ap, info);
    void *argument = va_arg(ap, void *);
    va_end(ap);
    return wrap_fails(WRAP_HTTP) ? CURLE_BAD_FUNCTION_ARGUMENT
                                 : __real_curl_easy_getinfo(c, info, argument);
}
/* NOLINTEND(bugprone-reserved-identifier) */
