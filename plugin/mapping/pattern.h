/* A small part of Lua's string patterns over UTF-8 characters, with every step accounted for. */
#ifndef MAPPING_PATTERN_H
#define MAPPING_PATTERN_H

#include "helper.h"

#define PATTERN_BYTES    ((size_t)256)
#define PATTERN_ITEMS    128
#define PATTERN_CAPTURES 8

enum pattern_kind {
    PATTERN_CHAR,
    PATTERN_ANY,
    PATTERN_CLASS,
    PATTERN_SET,
    PATTERN_OPEN,
    PATTERN_CLOSE,
    PATTERN_END
};

struct pattern_item {
    enum pattern_kind kind;
    char repeat;     /* * + - ? or 0 */
    uint32_t code;   /* the character, the letter of a class, the number of a capture */
    struct word set; /* what stands between [ or [^ and ] */
    bool negated;
};

struct pattern {
    struct pattern_item items[PATTERN_ITEMS];
    size_t items_n, captures_n;
    bool anchored;
};

struct pattern_hit {
    struct word whole, captures[PATTERN_CAPTURES];
};

/* Accounts for work; it may leave by a longjmp, as nothing is held. */
typedef void pattern_charge(void *self, size_t work);

/* Points into `source`. False: it is not well formed, too long, or uses what is not there: %b, %f, %1,
 * classes other than d a w s, empty captures. */
bool pattern_read(struct word source, struct pattern *out);
/* The first place of valid UTF-8 where it fits. The hit points into `text`. */
bool pattern_find(const struct pattern *pattern, struct word text, pattern_charge *charge,
                  void *self, struct pattern_hit *hit);
/* True for a character of class d, a, w or s; a capital means all the others. */
bool pattern_class_has(uint32_t letter, uint32_t code);

#endif
