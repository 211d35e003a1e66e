/* Dates: whatever is read is a day that exists, and reads as itself again. What stands before a zero is a
 * notation of its own for what stands behind. */
#include <stdint.h>
#include <string.h>

#include "fuzz.h"
#include "when.h"

static void expect(bool good) {
    fuzz_must(good, "a day that is none");
}

static void look_at(enum when_state state, const char *day) {
    char again[9] = "";
    expect((state == WHEN_DATE) == (day[0] != '\0'));
    if (state == WHEN_DATE) {
        expect(strlen(day) == 8 && when_read(day, 8, again) && memcmp(day, again, 9) == 0);
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    char day[9];
    const char *text = (const char *)p;
    look_at(when_judge(text, n, NULL, day), day);
    expect(when_read(text, n, day) == (day[0] != '\0'));
    const char *zero = n > 0 ? memchr(text, '\0', n) : NULL;
    if (zero != NULL && when_is_notation(text)) {
        size_t rest = n - (size_t)(zero + 1 - text);
        look_at(when_judge(zero + 1, rest, text, day), day);
    }
}
