#include "door.h"

#include <string.h>

#include "charset.h"
#include "shikaku/codes.h"
#include "text.h"

#define DOOR_MAX 4096

static size_t given_length(const char *text, int32_t len) {
    if (len < 0) {
        return strnlen(text, DOOR_MAX + 1);
    }
    size_t n = (size_t)len;
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\0')) {
        n--;
    }
    return n;
}

bool door_too_long(const char *text, int32_t len) {
    return text != NULL && given_length(text, len) > DOOR_MAX;
}

int32_t door_in(const char *text, int32_t len, bool cp932, struct bytes *out) {
    if (text == NULL && len != 0) {
        return SHK_E_ARGUMENT;
    }
    size_t n = text != NULL ? given_length(text, len) : 0;
    if (n > DOOR_MAX || (n > 0 && memchr(text, '\0', n) != NULL)) {
        return SHK_E_ARGUMENT;
    }
    if (!cp932) {
        return utf8_valid(text, n) ? bytes_append(out, text, n) : SHK_E_ARGUMENT;
    }
    int32_t rc = cp932_to_utf8((const uint8_t *)text, n, out, NULL);
    return rc == SHK_E_XML_ENCODING ? SHK_E_ARGUMENT : rc;
}

/* The longest cut of code page 932 text that splits no character. */
static size_t cp932_cut(const uint8_t *p, size_t n, size_t max) {
    size_t i = 0;
    while (i < n) {
        bool lead = (p[i] >= 0x81 && p[i] <= 0x9F) || (p[i] >= 0xE0 && p[i] <= 0xFC);
        size_t len = lead ? 2 : 1;
        if (i + len > max || i + len > n) {
            break;
        }
        i += len;
    }
    return i;
}

static int32_t give(const uint8_t *p, size_t n, size_t fits, char *buf, int32_t cap) {
    if (n > INT32_MAX) {
        return SHK_E_MEMORY;
    }
    if (cap > 0) {
        if (fits > 0) {
            memcpy(buf, p, fits);
        }
        buf[fits] = '\0';
    }
    return (int32_t)n;
}

int32_t door_out(const char *text, size_t n, bool cp932, char *buf, int32_t cap, int32_t *losses) {
    size_t room = cap > 0 ? (size_t)cap - 1 : 0;
    if (!cp932) {
        size_t fits = n <= room ? n : utf8_cut(text, n, room);
        return give((const uint8_t *)text, n, fits, buf, cap);
    }
    struct bytes converted = {0};
    struct cp932_loss loss = {0};
    int32_t rc = utf8_to_cp932(text, n, &converted, &loss);
    if (rc == SHK_OK) {
        rc = give(converted.p, converted.n, cp932_cut(converted.p, converted.n, room), buf, cap);
        *losses += loss.count;
    }
    bytes_clear(&converted);
    return rc;
}
