#include "charset.h"
#include "helper_parts.h"

/* The test as a value: 1 when every character is there. */
static int32_t flag(bool all, struct bytes *out) {
    return bytes_append_byte(out, all ? '1' : '0');
}

int32_t helper_cp932(struct word in, struct word argument, const struct encoder *target,
                     struct bytes *out) {
    (void)argument;
    (void)target;
    return in.n > 0 ? flag(cp932_has(in.p, in.n), out) : SHK_OK;
}

/* Code page 932 keeps JIS X 0208 in these areas; what lies between and behind is NEC's and IBM's. */
static bool is_jisx0208(uint32_t lead, uint32_t trail) {
    uint32_t code = lead << 8 | trail;
    return (code >= 0x8140 && code <= 0x84BE) || (code >= 0x889F && code <= 0xEAA4);
}

static bool all_jisx0208(const struct bytes *cp932) {
    for (size_t i = 0; i < cp932->n; i++) {
        uint8_t lead = cp932->p[i];
        if (lead < 0x80) {
            continue;
        }
        bool pair = lead < 0xA0 || lead > 0xDF; /* half-width katakana are JIS X 0201 */
        if (!pair || i + 1 == cp932->n || !is_jisx0208(lead, cp932->p[i + 1])) {
            return false;
        }
        i++;
    }
    return true;
}

/* ASCII is never what a host of JIS X 0208 lacks. */
int32_t helper_jisx0208(struct word in, struct word argument, const struct encoder *target,
                        struct bytes *out) {
    struct bytes encoded = {0};
    struct cp932_loss loss = {0};
    (void)argument;
    (void)target;
    if (in.n == 0) {
        return SHK_OK;
    }
    int32_t rc = utf8_to_cp932(in.p, in.n, &encoded, &loss);
    bool all = rc == SHK_OK && loss.count == 0 && all_jisx0208(&encoded);
    bytes_clear(&encoded);
    return rc == SHK_OK ? flag(all, out) : rc;
}
