#include "tlv.h"

#define TAG_BYTES_MAX 3
#define LENGTH_MAX    65535

/* The bytes of the tag, or 0. */
static size_t read_tag(const uint8_t *p, size_t n, uint32_t *tag) {
    if (n == 0) {
        return 0;
    }
    *tag = p[0];
    if ((p[0] & 0x1F) != 0x1F) {
        return 1;
    }
    for (size_t i = 1; i < n && i < TAG_BYTES_MAX; i++) {
        *tag = (*tag << 8) | p[i];
        if ((p[i] & 0x80) == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* The bytes of the length, or 0. */
static size_t read_length(const uint8_t *p, size_t n, size_t *len) {
    if (n == 0) {
        return 0;
    }
    size_t more = p[0] & 0x7F;
    if ((p[0] & 0x80) == 0) {
        *len = p[0];
        return 1;
    }
    if (more == 0 || more > 4 || more >= n) {
        return 0;
    }
    uint32_t value = 0;
    for (size_t i = 1; i <= more; i++) {
        value = (value << 8) | p[i];
    }
    *len = value;
    return value <= LENGTH_MAX ? more + 1 : 0;
}

bool tlv_head(const uint8_t *p, size_t n, struct tlv *out) {
    *out = (struct tlv){0};
    uint32_t tag = 0;
    size_t len = 0;
    size_t tag_n = read_tag(p, n, &tag);
    size_t len_n = tag_n > 0 ? read_length(p + tag_n, n - tag_n, &len) : 0;
    if (len_n == 0) {
        return false;
    }
    *out = (struct tlv){tag, p + tag_n + len_n, len, tag_n + len_n + len};
    return true;
}
