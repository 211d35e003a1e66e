#include "signature.h"

#include <string.h>

#define SHA256_LEN   32
#define SHA384_LEN   48
#define TAG_INTEGER  0x02
#define TAG_SEQUENCE 0x30

static bool is_ec(const struct identity *id) {
    return id->info.kind == KEY_EC_P384;
}

size_t signature_digest_len(const struct identity *id) {
    return is_ec(id) ? SHA384_LEN : SHA256_LEN;
}

/* An RSA card pads what it is given, so it is given the DigestInfo. */
size_t signature_input(const struct identity *id, const uint8_t *digest,
                       uint8_t out[SIGNATURE_INPUT_MAX]) {
    static const uint8_t digest_info[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60,
                                          0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                          0x01, 0x05, 0x00, 0x04, 0x20};
    size_t head = is_ec(id) ? 0 : sizeof digest_info;
    _Static_assert(sizeof digest_info + SHA256_LEN == SIGNATURE_INPUT_MAX, "room for the input");
    memcpy(out, digest_info, head);
    memcpy(out + head, digest, signature_digest_len(id));
    return head + signature_digest_len(id);
}

/* One INTEGER at *at, left-padded into half[]. */
static bool take_integer(const uint8_t *p, size_t n, size_t *at, uint8_t half[ES384_HALF]) {
    if (n - *at < 3 || p[*at] != TAG_INTEGER) {
        return false;
    }
    size_t len = p[*at + 1];
    const uint8_t *value = p + *at + 2;
    if (len == 0 || len > ES384_HALF + 1 || len > n - *at - 2 || (value[0] & 0x80) != 0) {
        return false;
    }
    *at += 2 + len;
    if (value[0] == 0 && len > 1) {
        if ((value[1] & 0x80) == 0) {
            return false; /* DER writes no needless zero */
        }
        value++;
        len--;
    }
    if (len > ES384_HALF) {
        return false;
    }
    memset(half, 0, ES384_HALF - len);
    memcpy(half + ES384_HALF - len, value, len);
    return true;
}

bool signature_from_der(const uint8_t *p, size_t n, uint8_t raw[ES384_RAW]) {
    size_t at = 2;
    return n > 2 && p[0] == TAG_SEQUENCE && p[1] < 0x80 && p[1] == n - 2 &&
           take_integer(p, n, &at, raw) && take_integer(p, n, &at, raw + ES384_HALF) && at == n;
}

static bool verifies(const struct identity *id, const uint8_t *digest, const uint8_t *made,
                     size_t n) {
    return certificate_key_verifies(id->key, digest, signature_digest_len(id), made, n);
}

/* Which of its two forms an answer of 96 bytes has, only the key can tell. */
static bool take_ec(const struct identity *id, const uint8_t *digest, const uint8_t *made, size_t n,
                    uint8_t raw[ES384_RAW]) {
    if (n == ES384_RAW && verifies(id, digest, made, n)) {
        memcpy(raw, made, ES384_RAW);
        return true;
    }
    return signature_from_der(made, n, raw) && verifies(id, digest, raw, ES384_RAW);
}

int32_t signature_take(const struct identity *id, const uint8_t *digest, const uint8_t *made,
                       size_t n, struct bytes *out) {
    uint8_t raw[ES384_RAW];
    if (is_ec(id)) {
        return take_ec(id, digest, made, n, raw) ? bytes_append(out, raw, sizeof raw)
                                                 : SHK_E_SIGNATURE;
    }
    bool ok = n == ((size_t)id->info.key_bits + 7) / 8 && verifies(id, digest, made, n);
    return ok ? bytes_append(out, made, n) : SHK_E_SIGNATURE;
}
