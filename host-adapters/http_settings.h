/* What the http adapter is told, checked. */
#ifndef HOST_ADAPTERS_HTTP_SETTINGS_H
#define HOST_ADAPTERS_HTTP_SETTINGS_H

#include "shikaku/adapter.h"

#define HTTP_URL_MAX    1023
#define HTTP_HEADER_MAX 511

/* Where one kind of call goes. */
struct http_place {
    char url[HTTP_URL_MAX + 1];
    char server[HTTP_URL_MAX + 1]; /* of it: scheme, name and port */
};

struct http_settings {
    struct http_place deliver, find; /* find.url "": patients cannot be asked for */
    int put;                         /* PUT instead of POST */
    int plain;                       /* http:// is allowed to other machines, too */
    int32_t timeout_ms;
    char header[HTTP_HEADER_MAX + 1]; /* its name, terminated where the colon was */
    const char *header_value;         /* in `header`; null: no further header */
    /* Borrowed from the settings. */
    const char *user, *password, *ca_file, *client_cert, *client_key, *client_secret;
};

/* Null when the settings are good, else the name of the first that is not; borrowed. */
const char *http_settings_read(struct http_settings *out, const shk_setting *settings, uint32_t n);

/* What is borrowed ends with open. */
void http_settings_forget(struct http_settings *s);

/* 1: it leads to this machine: localhost, 127.0.0.0/8 or ::1. */
int http_is_local(const char *url);

#endif
