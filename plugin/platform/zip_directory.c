#include "zip_directory.h"

#include <string.h>

#define END_MARK     0x06054B50u /* "PK\5\6" and so on */
#define END64_MARK   0x06064B50u
#define LOCATOR_MARK 0x07064B50u
#define LISTED_MARK  0x02014B50u
#define END_LEN      22u
#define END64_LEN    56u
#define LOCATOR_LEN  20u
#define LISTED_LEN   46u
#define EXTRA_LEN    4u
#define EXTRA_WIDE   1u
#define IS_IN_EXTRA  UINT32_MAX /* a number that does not fit: the extra field has it */

/* Where the list lies in the archive. */
struct list {
    uint64_t at, len, entries;
    uint64_t end; /* where what follows it begins */
};

static uint64_t number(const uint8_t *p, size_t width) {
    uint64_t n = 0;
    while (width-- > 0) {
        n = n << 8 | p[width];
    }
    return n;
}

void zip_tail_take(struct zip_tail *tail, const uint8_t *p, size_t n) {
    if (tail->n + n > 2 * ZIP_TAIL_MAX) {
        size_t gone = tail->n - ZIP_TAIL_MAX;
        memmove(tail->p, tail->p + gone, ZIP_TAIL_MAX);
        tail->n = ZIP_TAIL_MAX;
        tail->from += gone;
    }
    memcpy(tail->p + tail->n, p, n);
    tail->n += n;
}

/* The bytes at a place of the archive, when the tail has them. */
static const uint8_t *bytes_at(const struct zip_tail *tail, uint64_t at, uint64_t n) {
    bool there = at >= tail->from && at - tail->from <= tail->n && n <= tail->n - (at - tail->from);
    return there ? tail->p + (at - tail->from) : NULL;
}

/* Archives with wide numbers have a second end record before the first, and a pointer to it between
 * the two. */
static bool read_wide_end(const struct zip_tail *tail, uint64_t locator_at, struct list *list) {
    const uint8_t *locator = bytes_at(tail, locator_at, LOCATOR_LEN);
    uint64_t at = number(locator + 8, 8);
    const uint8_t *p = bytes_at(tail, at, END64_LEN);
    if (p == NULL || number(p, 4) != END64_MARK) {
        return false;
    }
    *list = (struct list){
        .at = number(p + 48, 8), .len = number(p + 40, 8), .entries = number(p + 32, 8), .end = at};
    return true;
}

static bool read_end(const struct zip_tail *tail, uint64_t at, struct list *list) {
    const uint8_t *p = bytes_at(tail, at, END_LEN);
    if (p == NULL || number(p, 4) != END_MARK ||
        bytes_at(tail, at + END_LEN, number(p + 20, 2)) == NULL) {
        return false;
    }
    const uint8_t *before =
        at >= LOCATOR_LEN ? bytes_at(tail, at - LOCATOR_LEN, LOCATOR_LEN) : NULL;
    if (before != NULL && number(before, 4) == LOCATOR_MARK) {
        return read_wide_end(tail, at - LOCATOR_LEN, list);
    }
    *list = (struct list){
        .at = number(p + 16, 4), .len = number(p + 12, 4), .entries = number(p + 10, 2), .end = at};
    return true;
}

/* The place of an entry whose 32 bits were too few: behind the sizes that were too long as well. */
static bool read_wide_place(const uint8_t *listed, uint64_t *at) {
    const uint8_t *p = listed + LISTED_LEN + number(listed + 28, 2);
    size_t left = (size_t)number(listed + 30, 2);
    size_t before = (number(listed + 20, 4) == IS_IN_EXTRA ? 8u : 0u) +
                    (number(listed + 24, 4) == IS_IN_EXTRA ? 8u : 0u);
    while (left >= EXTRA_LEN && number(p + 2, 2) <= left - EXTRA_LEN) {
        size_t n = (size_t)number(p + 2, 2);
        if (number(p, 2) == EXTRA_WIDE) {
            *at = n >= before + 8 ? number(p + EXTRA_LEN + before, 8) : 0;
            return n >= before + 8;
        }
        p += EXTRA_LEN + n;
        left -= EXTRA_LEN + n;
    }
    return false;
}

/* One line of the list: where its entry begins, and its own length. 0: it is none. */
static uint64_t read_listed(const uint8_t *p, uint64_t left, uint64_t *at) {
    if (left < LISTED_LEN || number(p, 4) != LISTED_MARK) {
        return 0;
    }
    uint64_t n = LISTED_LEN + number(p + 28, 2) + number(p + 30, 2) + number(p + 32, 2);
    if (n > left) {
        return 0;
    }
    *at = number(p + 42, 4);
    return *at != IS_IN_EXTRA || read_wide_place(p, at) ? n : 0;
}

static size_t find_met(const struct zip_met *met, uint64_t at) {
    size_t i = 0;
    while (i < met->n && met->at[i] != at) {
        i++;
    }
    return i;
}

/* Another reader goes by the list: what it would not show, or show from another place, is no answer. */
static bool lists_all(const struct zip_tail *tail, const struct list *list,
                      const struct zip_met *met) {
    bool seen[ZIP_ENTRIES_MAX + 1] = {false};
    const uint8_t *p = bytes_at(tail, list->at, list->len);
    if (p == NULL || list->at < met->end || list->at + list->len != list->end ||
        list->entries != met->n) {
        return false;
    }
    uint64_t left = list->len;
    for (size_t k = 0; k < met->n; k++) {
        uint64_t at = 0;
        uint64_t n = read_listed(p, left, &at);
        size_t i = n > 0 ? find_met(met, at) : met->n;
        if (i == met->n || seen[i]) {
            return false;
        }
        seen[i] = true;
        p += n;
        left -= n;
    }
    return left == 0;
}

bool zip_is_listed(const struct zip_tail *tail, const struct zip_met *met) {
    for (size_t i = tail->n; i-- > 0;) {
        struct list list = {0};
        if (tail->p[i] == 'P' && read_end(tail, tail->from + i, &list) &&
            lists_all(tail, &list, met)) {
            return true;
        }
    }
    return false;
}
