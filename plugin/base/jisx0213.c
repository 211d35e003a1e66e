#include "jisx0213.h"

#include <stddef.h>

/* 256 code points from number * 256 on, a bit each. */
struct page {
    uint16_t number;
    uint32_t bits[8];
};

static const struct page pages[] = {
#define PAGE(number, ...) {number, {__VA_ARGS__}},
#include "jisx0213.def"
#undef PAGE
};

static const struct page *find_page(uint32_t number) {
    size_t from = 0, to = sizeof pages / sizeof pages[0];
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (pages[middle].number == number) {
            return &pages[middle];
        }
        if (pages[middle].number < number) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return NULL;
}

bool jisx0213_has(uint32_t code) {
    const struct page *page = find_page(code >> 8);
    return page != NULL && (page->bits[code >> 5 & 7] >> (code & 31) & 1) != 0;
}
