/* Bytes in code page 932 and UTF-16. The first byte: 'c' code page 932, 'l' or 'b' UTF-16 with the low or the high byte
 * first, else UTF-8 that becomes code page 932. */
#include <string.h>

#include "charset.h"
#include "fuzz.h"
#include "shikaku/codes.h"
#include "text.h"
#include "utf16.h"

static bool is_utf8(const struct bytes *text) {
    return text->n == 0 || utf8_valid((const char *)text->p, text->n);
}

static bool is_known(int32_t rc, int32_t fault) {
    return rc == SHK_OK || rc == fault || (fuzz_failed() && rc < 0);
}

static void from_cp932(const struct fuzz_input *in, struct bytes *out, struct bytes *back) {
    struct cp932_loss loss = {0};
    size_t bad = SIZE_MAX;
    int32_t rc = cp932_to_utf8(in->p, in->n, out, &bad);
    fuzz_must(is_known(rc, SHK_E_XML_ENCODING), "another fault");
    fuzz_must(rc != SHK_E_XML_ENCODING || fuzz_failed() || bad < in->n, "a place behind the end");
    if (rc != SHK_OK) {
        return;
    }
    fuzz_must(is_utf8(out), "no UTF-8");
    rc = utf8_to_cp932(bytes_text(out), out->n, back, &loss);
    fuzz_must(fuzz_failed() || rc == SHK_OK, "what came from code page 932 cannot go back");
    fuzz_must(fuzz_failed() || loss.count == 0, "a character of code page 932 is lost");
}

/* A character that is lost is counted, and only then one mark stands for it. */
static void to_cp932(const struct fuzz_input *in, struct bytes *out, struct bytes *back) {
    struct cp932_loss loss = {0};
    const char *text = in->n > 0 ? (const char *)in->p : "";
    int32_t rc = utf8_to_cp932(text, in->n, out, &loss);
    fuzz_must(is_known(rc, SHK_E_XML_ENCODING), "another fault");
    fuzz_must(fuzz_failed() || (rc == SHK_OK) == utf8_valid(text, in->n), "UTF-8 or not");
    if (rc != SHK_OK || fuzz_failed()) {
        return;
    }
    fuzz_must(cp932_has(text, in->n) == (loss.count == 0) || fuzz_failed(), "lost, and not said");
    fuzz_must((loss.count > 0) == (loss.first != 0) && loss.count >= 0, "which one was lost");
    rc = cp932_to_utf8(out->p, out->n, back, NULL);
    fuzz_must(rc == SHK_OK || fuzz_failed(), "what was written cannot be read");
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    struct bytes out = {0};
    struct bytes back = {0};
    size_t lost = 0;
    uint8_t kind = fuzz_byte(&in);
    if (kind == 'c') {
        from_cp932(&in, &out, &back);
    } else if (kind == 'l' || kind == 'b') {
        int32_t rc = utf16_to_utf8(in.p, in.n, kind == 'b', &out, &lost);
        fuzz_must(rc == SHK_OK || fuzz_failed(), "UTF-16 always has a form");
        fuzz_must(is_utf8(&out) && lost <= in.n, "no UTF-8");
    } else {
        to_cp932(&in, &out, &back);
    }
    bytes_clear(&out);
    bytes_clear(&back);
}
