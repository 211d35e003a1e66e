#include <curl/curl.h>
#include <stdarg.h>

#include "loaded.h"

/* curl's header makes macros of these to check types. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_share_setopt

#define CALLS(ONE)                                                                                 \
    ONE(curl_global_init)                                                                          \
    ONE(curl_getdate)                                                                              \
    ONE(curl_slist_append)                                                                         \
    ONE(curl_slist_free_all)                                                                       \
    ONE(curl_easy_init)                                                                            \
    ONE(curl_easy_duphandle)                                                                       \
    ONE(curl_easy_cleanup)                                                                         \
    ONE(curl_easy_setopt)                                                                          \
    ONE(curl_easy_getinfo)                                                                         \
    ONE(curl_multi_init)                                                                           \
    ONE(curl_multi_cleanup)                                                                        \
    ONE(curl_multi_add_handle)                                                                     \
    ONE(curl_multi_remove_handle)                                                                  \
    ONE(curl_multi_perform)                                                                        \
    ONE(curl_multi_poll)                                                                           \
    ONE(curl_multi_info_read)                                                                      \
    ONE(curl_share_init)                                                                           \
    ONE(curl_share_cleanup)                                                                        \
    ONE(curl_share_setopt)

enum { CALLS(LOADED_PLACE) PLACES };
static const char *const symbols[PLACES + 1] = {CALLS(LOADED_NAME)};
struct loaded loaded_curl = {LATE_CURL_FILE, symbols, NULL};

#define CALL(function) LOADED_CALL(loaded_curl, function)

CURLcode curl_global_init(long flags) {
    return CALL(curl_global_init)(flags);
}

time_t curl_getdate(const char *text, const time_t *unused) {
    return CALL(curl_getdate)(text, unused);
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
    return CALL(curl_slist_append)(list, text);
}

void curl_slist_free_all(struct curl_slist *list) {
    CALL(curl_slist_free_all)(list);
}

CURL *curl_easy_init(void) {
    return CALL(curl_easy_init)();
}

CURL *curl_easy_duphandle(CURL *easy) {
    return CALL(curl_easy_duphandle)(easy);
}

void curl_easy_cleanup(CURL *easy) {
    CALL(curl_easy_cleanup)(easy);
}

/* What kind of value follows stands in the option's number, ten thousand numbers a kind. */
CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...) {
    CURLcode result = CURLE_BAD_FUNCTION_ARGUMENT;
    va_list value;
    va_start(value, option);
    switch (option - option % 10000) {
    case CURLOPTTYPE_LONG:
        result = CALL(curl_easy_setopt)(easy, option, va_arg(value, long));
        break;
    case CURLOPTTYPE_OFF_T:
        result = CALL(curl_easy_setopt)(easy, option, va_arg(value, curl_off_t));
        break;
    case CURLOPTTYPE_FUNCTIONPOINT:
        result = CALL(curl_easy_setopt)(easy, option, va_arg(value, loaded_function));
        break;
    default: /* texts, lists, blobs */
        result = CALL(curl_easy_setopt)(easy, option, va_arg(value, void *));
        break;
    }
    va_end(value);
    return result;
}

/* Always the place to put it. */
CURLcode curl_easy_getinfo(CURL *easy, CURLINFO info, ...) {
    va_list place;
    va_start(place, info);
    CURLcode result = CALL(curl_easy_getinfo)(easy, info, va_arg(place, void *));
    va_end(place);
    return result;
}

CURLM *curl_multi_init(void) {
    return CALL(curl_multi_init)();
}

CURLMcode curl_multi_cleanup(CURLM *multi) {
    return CALL(curl_multi_cleanup)(multi);
}

CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy) {
    return CALL(curl_multi_add_handle)(multi, easy);
}

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy) {
    return CALL(curl_multi_remove_handle)(multi, easy);
}

CURLMcode curl_multi_perform(CURLM *multi, int *running) {
    return CALL(curl_multi_perform)(multi, running);
}

CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd more[], unsigned int n, int ms,
                          int *ready) {
    return CALL(curl_multi_poll)(multi, more, n, ms, ready);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left) {
    return CALL(curl_multi_info_read)(multi, left);
}

CURLSH *curl_share_init(void) {
    return CALL(curl_share_init)();
}

CURLSHcode curl_share_cleanup(CURLSH *share) {
    return CALL(curl_share_cleanup)(share);
}

/* The plugin tells it what to share, no functions: an int. */
CURLSHcode curl_share_setopt(CURLSH *share, CURLSHoption option, ...) {
    va_list value;
    va_start(value, option);
    CURLSHcode result = CALL(curl_share_setopt)(share, option, va_arg(value, int));
    va_end(value);
    return result;
}
