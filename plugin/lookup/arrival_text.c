#include "arrival_text.h"

#include <string.h>

#include "charset.h"
#include "text.h"
#include "utf16.h"

static bool starts_with(const struct bytes *raw, const char *mark, size_t n) {
    return raw->n >= n && memcmp(raw->p, mark, n) == 0;
}

static bool is_wide(const struct bytes *raw) {
    return starts_with(raw, "\xFF\xFE", 2) || starts_with(raw, "\xFE\xFF", 2);
}

static int32_t decode_any(const struct bytes *raw, struct bytes *out) {
    if (is_wide(raw)) {
        return utf16_to_utf8(raw->p + 2, raw->n - 2, raw->p[0] == 0xFE, out, NULL);
    }
    if (utf8_valid(bytes_text(raw), raw->n)) {
        return bytes_append(out, raw->p, raw->n);
    }
    return cp932_to_utf8(raw->p, raw->n, out, NULL);
}

int32_t arrival_decode(const struct bytes *raw, struct bytes *out) {
    bytes_clear(out);
    int32_t rc = decode_any(raw, out);
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}

/* The whole lines before place n. */
static size_t whole_lines(const struct bytes *raw, size_t n) {
    while (n > 0 && raw->p[n - 1] != '\n') {
        n--;
    }
    return n;
}

/* The length of what is UTF-8 from the beginning, in whole lines. */
static size_t utf8_lines(const struct bytes *raw) {
    size_t good = 0;
    for (;;) {
        const uint8_t *end = good < raw->n ? memchr(raw->p + good, '\n', raw->n - good) : NULL;
        size_t n = end != NULL ? (size_t)(end - raw->p) + 1 - good : 0;
        if (n == 0 || !utf8_valid((const char *)raw->p + good, n)) {
            return good;
        }
        good += n;
    }
}

/* How a copied text begins stands in its first lines, so those before the bad byte tell. */
bool arrival_is_spoilt(const struct bytes *raw, const struct app_words *words) {
    struct bytes text = {0};
    size_t bad = 0;
    if (is_wide(raw) || utf8_valid(bytes_text(raw), raw->n)) {
        return false;
    }
    if (app_is_text(bytes_text(raw), utf8_lines(raw), words)) {
        return true;
    }
    (void)cp932_to_utf8(raw->p, raw->n, &text, &bad);
    bytes_clear(&text);
    bool spoilt = cp932_to_utf8(raw->p, whole_lines(raw, bad), &text, NULL) == SHK_OK &&
                  app_is_text(bytes_text(&text), text.n, words);
    bytes_clear(&text);
    return spoilt;
}

int32_t arrival_take_text(struct bytes *text, const struct app_words *words, struct arrival *out) {
    int32_t rc = SHK_OK;
    if (text->n > APP_TEXT_MAX || !app_is_text(bytes_text(text), text->n, words)) {
        rc = SHK_E_APP_TEXT;
    } else if (utf8_has_lost(bytes_text(text), text->n)) {
        rc = SHK_E_XML_ENCODING;
    }
    if (rc != SHK_OK) {
        bytes_clear(text);
        return rc;
    }
    bytes_clear(&out->body);
    *out = (struct arrival){.form = ARRIVAL_APP, .body = *text};
    *text = (struct bytes){0};
    return SHK_OK;
}
