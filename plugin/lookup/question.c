#include "lookup.h"

#include <string.h>

static bool is_graphic(const char *text) {
    for (; *text != '\0'; text++) {
        if (*text < '!' || *text > '~') {
            return false;
        }
    }
    return true;
}

/* A line break inside a value would let one signature stand for other values. */
static int32_t append_line(struct bytes *out, const char *value) {
    if (!is_graphic(value)) {
        return SHK_E_ARGUMENT;
    }
    int32_t rc = bytes_append_text(out, value);
    return rc == SHK_OK ? bytes_append_byte(out, '\n') : rc;
}

int32_t question_message(const struct question *q, struct bytes *out) {
    const char *const values[] = {"shikaku-check-1", q->challenge, q->institution_code, q->date,
                                  q->idempotency_key};
    int32_t rc = SHK_OK;
    bytes_clear(out);
    for (size_t i = 0; i < sizeof values / sizeof values[0] && rc == SHK_OK; i++) {
        rc = append_line(out, values[i]);
    }
    if (rc != SHK_OK) {
        bytes_clear(out);
    }
    return rc;
}

bool reception_is_usable(const char *number) {
    size_t n = strlen(number);
    return n > 0 && n < RECEPTION_NUMBER_MAX && is_graphic(number) && !text_equal(number, "-");
}

int32_t question_uuid(const struct random_ops *random, void *random_self, char out[37]) {
    uint8_t raw[16] = {0};
    char hex[33];
    out[0] = '\0';
    int32_t rc = random->fill(random_self, raw, sizeof raw);
    if (rc != SHK_OK) {
        return rc;
    }
    raw[6] = (uint8_t)((raw[6] & 0x0F) | 0x40); /* version 4 */
    raw[8] = (uint8_t)((raw[8] & 0x3F) | 0x80); /* the variant of RFC 9562 */
    hex_encode(raw, sizeof raw, hex);
    text_format(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    return SHK_OK;
}
