#include "charset.h"

#include "encoder.h"
#include "shikaku/codes.h"
#include "text.h"

static struct encoder *open_cp932(void) {
    return encoder_new(ENCODING_CP932, REPERTOIRE_ENCODING);
}

static void count_lost(struct encoder *e, const char *p, size_t n, struct cp932_loss *loss) {
    uint32_t code;
    for (size_t at = encoder_first_lost(e, p, n, &code); at < n;) {
        loss->first = loss->count == 0 ? code : loss->first;
        loss->count++;
        at += utf8_decode(p + at, n - at, &code);
        at += encoder_first_lost(e, p + at, n - at, &code);
    }
}

int32_t utf8_to_cp932(const char *p, size_t n, struct bytes *out, struct cp932_loss *loss) {
    if (!utf8_valid(p, n)) {
        return SHK_E_XML_ENCODING;
    }
    struct encoder *e = open_cp932();
    if (e == NULL) {
        return SHK_E_MEMORY;
    }
    if (loss != NULL) {
        count_lost(e, p, n, loss);
    }
    int32_t rc = encoder_write(e, p, n, out);
    encoder_free(&e);
    return rc;
}

static bool is_ascii(const char *p, size_t n) {
    size_t at = 0;
    while (at < n && (uint8_t)p[at] < 0x80) {
        at++;
    }
    return at == n;
}

bool cp932_has(const char *p, size_t n) {
    uint32_t code;
    if (is_ascii(p, n)) {
        return true;
    }
    struct encoder *e = open_cp932();
    bool has = e != NULL && encoder_first_lost(e, p, n, &code) == n;
    encoder_free(&e);
    return has;
}
