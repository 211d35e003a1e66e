/* Texts of the clipboard and of a text file: UTF-16, code page 932 and what looks like them. */
#include <stdlib.h>
#include <string.h>

#include "arrival_text.h"
#include "fuzz.h"
#include "text.h"
#include "utf16.h"

static void must(bool ok) {
    fuzz_should(ok, "a text is not what its bytes say");
}

/* Each unit gives at most three bytes, and what was lost is seen in the result. */
static void decode_units(const uint8_t *p, size_t n, bool big_endian) {
    struct bytes out = {0};
    size_t lost = 0, marks = 0;
    must(utf16_to_utf8(p, n, big_endian, &out, &lost) == SHK_OK);
    must(utf8_valid(bytes_text(&out), out.n) && out.n <= (n / 2 + 1) * 3);
    for (size_t i = 0; i + 3 <= out.n; i++) {
        marks += memcmp(out.p + i, "\xEF\xBF\xBD", 3) == 0 ? 1 : 0;
    }
    must(marks == lost);
    bytes_clear(&out);
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct bytes raw = {0}, text = {0};
    struct arrival arrival = {0};
    static struct app_words *words; /* kept for all runs */
    fuzz_faults(false);
    words = words != NULL ? words : app_words_new();
    must(words != NULL && bytes_append(&raw, p, n) == SHK_OK);
    fuzz_faults(true);
    decode_units(p, n, false);
    decode_units(p, n, true);
    int32_t rc = arrival_decode(&raw, &text);
    must(rc == SHK_OK || (rc == SHK_E_XML_ENCODING && text.n == 0));
    must(utf8_valid(bytes_text(&text), text.n));
    if (rc == SHK_OK) {
        size_t whole = text.n;
        rc = arrival_take_text(&text, words, &arrival);
        must(text.p == NULL);
        must(rc == SHK_OK ? arrival.body.n == whole : arrival.body.p == NULL);
    }
    bytes_clear(&arrival.body);
    bytes_clear(&text);
    bytes_clear(&raw);
}
