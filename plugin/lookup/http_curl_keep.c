#include "http_curl.h"

#include <stdlib.h>
#include <string.h>

/* The device's files and its passphrase are not among them: the key is read when the settings are checked. */
static const char **text_of(struct http_settings *s, size_t i) {
    const char **const all[] = {&s->ca_file,        &s->pin,  &s->proxy,    &s->proxy_user,
                                &s->proxy_password, &s->user, &s->password, NULL};
    return all[i];
}

static void drop(const char **text) {
    char *own = NULL;
    memcpy(&own, text, sizeof own); /* what the settings may not change is ours */
    if (own != NULL) {
        memory_wipe(own, strlen(own));
    }
    free(own);
    *text = NULL;
}

int32_t http_curl_keep(struct http *h, const struct http_settings *s, struct fault *why) {
    int32_t rc = SHK_OK;
    const char **text = NULL;
    h->kept = *s;
    h->kept.client_cert = h->kept.client_key = h->kept.client_secret = NULL;
    for (size_t i = 0; (text = text_of(&h->kept, i)) != NULL; i++) {
        bool empty = *text == NULL || **text == '\0';
        *text = empty ? NULL : text_dup(*text);
        rc = empty || *text != NULL ? rc : SHK_E_MEMORY;
    }
    return rc == SHK_OK ? SHK_OK : fault_raise(why, rc);
}

void http_curl_forget(struct http *h) {
    const char **text = &h->environment_proxy; /* it may name a password */
    drop(text);
    for (size_t i = 0; (text = text_of(&h->kept, i)) != NULL; i++) {
        drop(text);
    }
}
