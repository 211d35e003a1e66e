#include "encoder.h"
#include "helper_parts.h"
#include "text.h"

static bool is_half_kana(uint32_t code) {
    return code >= 0xFF61 && code <= 0xFF9F;
}

/* Half-width katakana are JIS X 0201, and no part of 0208 and 0213. */
static bool all_in(struct encoder *e, enum repertoire repertoire, struct word in) {
    bool jis = repertoire != REPERTOIRE_CP932;
    for (size_t i = 0, len; i < in.n; i += len) {
        uint32_t code = 0;
        len = utf8_decode(in.p + i, in.n - i, &code);
        if (len == 0 || (jis && is_half_kana(code)) || !encoder_in(e, repertoire, code)) {
            return false;
        }
    }
    return true;
}

/* The test as a value: 1 when every character is there. */
static int32_t test(struct word in, enum repertoire repertoire, struct encoder *target,
                    struct bytes *out) {
    if (in.n == 0) {
        return SHK_OK;
    }
    struct encoder *own = target == NULL ? encoder_new(ENCODING_UTF8, REPERTOIRE_ENCODING) : NULL;
    if (target == NULL && own == NULL) {
        return SHK_E_MEMORY;
    }
    bool all = all_in(target != NULL ? target : own, repertoire, in);
    encoder_free(&own);
    return bytes_append_byte(out, all ? '1' : '0');
}

int32_t helper_cp932(struct word in, struct word argument, struct encoder *target,
                     struct bytes *out) {
    (void)argument;
    return test(in, REPERTOIRE_CP932, target, out);
}

int32_t helper_jisx0208(struct word in, struct word argument, struct encoder *target,
                        struct bytes *out) {
    (void)argument;
    return test(in, REPERTOIRE_JIS_X_0208, target, out);
}

int32_t helper_jisx0213(struct word in, struct word argument, struct encoder *target,
                        struct bytes *out) {
    (void)argument;
    return test(in, REPERTOIRE_JIS_X_0213, target, out);
}
