#include "http_curl.h"

#include "late.h"
#include "thread.h"

static void init_libcurl(void) {
    /* Should it fail, curl_easy_init tries again and says so. */
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

void http_curl_end(struct http *h) {
    if (h->easy != NULL) {
        curl_easy_cleanup(h->easy);
    }
    if (h->multi != NULL) {
        curl_multi_cleanup(h->multi);
    }
    if (h->sessions != NULL) {
        curl_share_cleanup(h->sessions);
    }
    h->easy = NULL;
    h->multi = NULL;
    h->sessions = NULL;
}

static int32_t make(struct http *h, struct fault *why) {
    int32_t rc = late_need(LATE_CURL, why);
    if (rc != SHK_OK) {
        return rc;
    }
    run_once(init_libcurl);
    h->easy = curl_easy_init();
    h->multi = curl_multi_init();
    h->sessions = curl_share_init();
    bool good =
        h->easy != NULL && h->multi != NULL && h->sessions != NULL &&
        curl_share_setopt(h->sessions, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK;
    return good ? http_curl_set_up(h, why) : fault_raise(why, SHK_E_MEMORY);
}

int32_t http_curl_start(struct http *h, struct fault *why) {
    if (h->easy != NULL) {
        return SHK_OK;
    }
    int32_t rc = make(h, why);
    if (rc == SHK_OK) {
        http_curl_forget(h);
    } else {
        http_curl_end(h);
    }
    return rc;
}
