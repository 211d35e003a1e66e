/* An answer to reset: what it says of the card, what kind of card it is known for. */
#include <string.h>

#include "atr.h"
#include "env.h"
#include "fuzz.h"
#include "kinds.h"

static bool same_words(const struct atr_words *a, const struct atr_words *b) {
    return a->extended == b->extended && a->short_ids == b->short_ids;
}

/* What is behind the historical bytes changes no word of them. */
static void check_words(const uint8_t *p, size_t n) {
    struct atr_words words, again;
    uint8_t longer[256];
    atr_read(p, n, &words);
    fuzz_must(words.extended <= ATR_NO && words.short_ids <= ATR_NO, "a word that is none");
    fuzz_must(words.extended == ATR_SILENT || words.short_ids != ATR_SILENT,
              "the third byte of capabilities without the first");
    fuzz_must(n >= 2 || (words.extended == ATR_SILENT && words.short_ids == ATR_SILENT),
              "an ATR that is none says something");
    if (n > 0 && n < sizeof longer && words.short_ids != ATR_SILENT) {
        memcpy(longer, p, n);
        longer[n] = 0x73;
        atr_read(longer, n + 1, &again);
        fuzz_must(same_words(&words, &again), "a byte behind the end says something");
    }
}

static void check_look(const uint8_t *p, size_t n) {
    const struct card_look *look = card_look_by_atr(p, n);
    fuzz_must(look == NULL || (n >= 2 && n <= ATR_MAX), "an ATR of another length is known");
    fuzz_must(look == NULL || (look->id != NULL && !(look->certain && look->mynumber)),
              "surely no My Number Card, and one");
}

void fuzz_one(const uint8_t *p, size_t n) {
    check_words(p, n);
    check_look(p, n);
    (void)atr_kind(p, n);
}
