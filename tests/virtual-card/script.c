/* Odd answers on request: what a test wants the card to say instead of its own. */
#include <string.h>

#include "internal.h"

static int hex_digit(char c) {
    static const char digits[] = "0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* Hex bytes from *s into out, as many as there are. */
static size_t take_hex(const char **s, uint8_t *out, size_t cap) {
    size_t n = 0;
    int high, low;

    while (n < cap && (high = hex_digit((*s)[0])) >= 0 && (low = hex_digit((*s)[1])) >= 0) {
        out[n++] = (uint8_t)(high * 16 + low);
        *s += 2;
    }
    return n;
}

static int take_decimal(const char **s, int32_t max, int32_t *out) {
    const char *start = *s;
    int32_t v = 0;

    for (; **s >= '0' && **s <= '9'; (*s)++) {
        v = v * 10 + (**s - '0');
        if (v > max) {
            return -1;
        }
    }
    *out = v;
    return *s > start ? 0 : -1;
}

/* A run of hex, or one byte and how often it comes: 00x255. */
static int take_part(struct rule *r, const char **s) {
    size_t n = take_hex(s, r->answer + r->answer_len, sizeof r->answer - r->answer_len);
    int32_t times;

    if (n == 0) {
        return -1;
    }
    if (**s != 'x') {
        r->answer_len += n;
        return 0;
    }
    (*s)++;
    if (n != 1 || take_decimal(s, (int32_t)(sizeof r->answer - r->answer_len), &times) != 0) {
        return -1;
    }
    memset(r->answer + r->answer_len, r->answer[r->answer_len], (size_t)times);
    r->answer_len += (size_t)times;
    return 0;
}

static int take_bytes(struct rule *r, const char **s) {
    while (take_part(r, s) == 0) {
        if (**s != ',') {
            return 0;
        }
        (*s)++;
    }
    return -1;
}

static int starts(const char **s, const char *word) {
    size_t n = strlen(word);

    if (strncmp(*s, word, n) != 0) {
        return 0;
    }
    *s += n;
    return 1;
}

static int take_what(struct rule *r, const char *s) {
    int rc = 0;

    r->carried_out = starts(&s, "+");
    if (starts(&s, "drop")) {
        r->kind = RULE_DROP;
    } else if (starts(&s, "hang")) {
        r->kind = RULE_HANG;
    } else if (starts(&s, "cut")) {
        r->kind = RULE_CUT;
        rc = take_decimal(&s, BODY_CAP, &r->cut);
    } else if (!starts(&s, "nothing")) {
        rc = take_bytes(r, &s);
    }
    r->always = starts(&s, "*");
    return rc == 0 && *s == '\0' ? 0 : -1;
}

int script_parse(struct rule *r, const char *text, int by_number) {
    memset(r, 0, sizeof *r);
    if (by_number) {
        if (take_decimal(&text, 1000000, &r->at) != 0 || r->at == 0) {
            return -1;
        }
    } else {
        r->header_len = take_hex(&text, r->header, sizeof r->header);
        if (r->header_len != 1 && r->header_len != sizeof r->header) {
            return -1;
        }
    }
    return *text == ':' ? take_what(r, text + 1) : -1;
}

static int matches(const struct rule *r, uint32_t number, const struct apdu *a) {
    const uint8_t header[4] = {a->cla, a->ins, a->p1, a->p2};

    if (r->at > 0) {
        return number == (uint32_t)r->at || (r->always && number > (uint32_t)r->at);
    }
    if (r->used && !r->always) {
        return 0;
    }
    return r->header_len == 1 ? r->header[0] == a->ins
                              : memcmp(r->header, header, sizeof header) == 0;
}

const struct rule *script_find(struct vcard *card, const struct apdu *a) {
    struct profile *p = &card->profile;
    size_t i;

    for (i = 0; i < p->rules_n; i++) {
        if (matches(&p->rules[i], card->apdus, a)) {
            p->rules[i].used = 1;
            return &p->rules[i];
        }
    }
    return NULL;
}
