#include "arrival_text.h"

#include <string.h>

#include "charset.h"
#include "text.h"
#include "utf16.h"

static const char lost_character[] = "\xEF\xBF\xBD";

static bool starts_with(const struct bytes *raw, const char *mark, size_t n) {
    return raw->n >= n && memcmp(raw->p, mark, n) == 0;
}

static int32_t decode_any(const struct bytes *raw, struct bytes *out) {
    if (starts_with(raw, "\xFF\xFE", 2) || starts_with(raw, "\xFE\xFF", 2)) {
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

static bool has_lost_character(const struct bytes *text) {
    for (size_t i = 0; i + 3 <= text->n; i++) {
        if (memcmp(text->p + i, lost_character, 3) == 0) {
            return true;
        }
    }
    return false;
}

int32_t arrival_take_text(struct bytes *text, const struct app_words *words, struct arrival *out) {
    int32_t rc = SHK_OK;
    if (text->n > APP_TEXT_MAX || !app_is_text(bytes_text(text), text->n, words)) {
        rc = SHK_E_APP_TEXT;
    } else if (has_lost_character(text)) {
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
