#include "atr.h"

#include <stdbool.h>

#include "bytes.h"

#define TYPE_B_HISTORY   8 /* application data 4, protocol info 3, MBLI 1 */
#define TYPE_B_KIND      4 /* the last of them: the application data may be random */
#define TAG_CAPABILITIES 0x70
#define TAG_MASK         0xF0
#define LEN_MASK         0x0F
#define CATEGORY_TLV     0x80
#define CATEGORY_STATUS  0x00 /* objects, then three bytes of status */
#define STATUS_LEN       3
#define SELECT_SHORT_ID  0x04 /* first capability byte */
#define LENGTH_EXTENDED  0x40 /* third capability byte */
#define INTERFACE_MAX    8    /* groups of interface bytes */

struct history {
    const uint8_t *p;
    size_t n;
};

/* What PC/SC part 3 has readers say for contactless cards. */
static bool is_contactless(const uint8_t *atr, size_t n) {
    return n >= 4 && atr[0] == 0x3B && (atr[1] & 0xF0) == 0x80 && atr[2] == 0x80 && atr[3] == 0x01;
}

static size_t bits(uint8_t group) {
    return (size_t)((group >> 4) & 1) + ((group >> 5) & 1) + ((group >> 6) & 1);
}

/* Behind the interface bytes. */
static struct history history_of(const uint8_t *atr, size_t n) {
    const struct history none = {0};
    if (n < 2 || (atr[0] != 0x3B && atr[0] != 0x3F)) {
        return none;
    }
    size_t at = 2, len = atr[1] & LEN_MASK;
    uint8_t group = atr[1];
    for (int i = 0; i < INTERFACE_MAX; i++) {
        at += bits(group);
        if ((group & 0x80) == 0) {
            break;
        }
        if (at >= n) {
            return none;
        }
        group = atr[at++];
    }
    return at <= n && len <= n - at ? (struct history){atr + at, len} : none;
}

/* The value of the first object with the tag, compact TLV. */
static struct history find(struct history h, uint8_t tag) {
    size_t at = 1;
    while (at < h.n) {
        size_t len = h.p[at] & LEN_MASK;
        if (len > h.n - at - 1) {
            break;
        }
        if ((h.p[at] & TAG_MASK) == tag) {
            return (struct history){h.p + at + 1, len};
        }
        at += len + 1;
    }
    return (struct history){0};
}

static struct history capabilities(const uint8_t *atr, size_t n) {
    struct history h = history_of(atr, n);
    if (is_contactless(atr, n) || h.n == 0) {
        return (struct history){0};
    }
    if (h.p[0] == CATEGORY_STATUS) {
        h.n -= h.n > STATUS_LEN ? STATUS_LEN : h.n - 1;
    } else if (h.p[0] != CATEGORY_TLV) {
        return (struct history){0};
    }
    return find(h, TAG_CAPABILITIES);
}

static enum atr_word word(bool yes) {
    return yes ? ATR_YES : ATR_NO;
}

void atr_read(const uint8_t *atr, size_t n, struct atr_words *out) {
    struct history c = capabilities(atr, n);
    *out = (struct atr_words){ATR_SILENT, ATR_SILENT};
    if (c.n >= 1) {
        out->short_ids = word((c.p[0] & SELECT_SHORT_ID) != 0);
    }
    if (c.n >= 3) {
        out->extended = word((c.p[2] & LENGTH_EXTENDED) != 0);
    }
}

uint64_t atr_kind(const uint8_t *atr, size_t n) {
    struct history h = history_of(atr, n);
    if (is_contactless(atr, n) && h.n == TYPE_B_HISTORY) {
        return bytes_hash(BYTES_HASH_BEGIN, h.p + TYPE_B_HISTORY - TYPE_B_KIND, TYPE_B_KIND);
    }
    return bytes_hash(BYTES_HASH_BEGIN, atr, n);
}
