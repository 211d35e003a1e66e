#include "pattern.h"
#include "text.h"

struct work {
    const struct pattern *pattern;
    const char *end;
    pattern_charge *charge;
    void *self;
    struct pattern_hit *hit;
};

static bool is_letter(uint32_t code) {
    return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
}

static bool is_digit(uint32_t code) {
    return code >= '0' && code <= '9';
}

/* Of every width, line ends too. */
static bool is_space(uint32_t code) {
    return code == ' ' || (code >= 0x09 && code <= 0x0D) || code == 0xA0 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x3000;
}

bool pattern_class_has(uint32_t letter, uint32_t code) {
    switch (letter | 0x20) {
    case 'd':
        return is_digit(code) == (letter == 'd');
    case 'a':
        return is_letter(code) == (letter == 'a');
    case 'w':
        return (is_letter(code) || is_digit(code)) == (letter == 'w');
    default:
        return is_space(code) == (letter == 's');
    }
}

/* Takes one member of a set at p, a class or a character; *letter is 0 for a character. */
static const char *set_member(const char *p, const char *end, uint32_t *code, uint32_t *letter) {
    *code = 0;
    *letter = 0;
    bool escaped = *p == '%' && p + 1 < end;
    p += escaped ? 1 : 0;
    size_t len = utf8_decode(p, (size_t)(end - p), code);
    if (escaped && is_letter(*code)) {
        *letter = *code;
    }
    return len > 0 ? p + len : end;
}

static bool set_has(const struct pattern_item *item, uint32_t code) {
    const char *p = item->set.p, *end = p + item->set.n;
    while (p < end) {
        uint32_t first, last, letter, unused;
        p = set_member(p, end, &first, &letter);
        last = first;
        if (letter == 0 && end - p >= 2 && *p == '-') {
            p = set_member(p + 1, end, &last, &unused);
        }
        bool in = letter != 0 ? pattern_class_has(letter, code) : code >= first && code <= last;
        if (in) {
            return !item->negated;
        }
    }
    return item->negated;
}

static bool item_has(const struct pattern_item *item, uint32_t code) {
    switch (item->kind) {
    case PATTERN_CHAR:
        return code == item->code;
    case PATTERN_CLASS:
        return pattern_class_has(item->code, code);
    case PATTERN_SET:
        return set_has(item, code);
    default:
        return true;
    }
}

/* Behind the one character at p that fits, or null. */
static const char *step(const struct work *w, const struct pattern_item *item, const char *p) {
    uint32_t code;
    w->charge(w->self, 1 + item->set.n);
    size_t len = utf8_decode(p, (size_t)(w->end - p), &code);
    return len > 0 && item_has(item, code) ? p + len : NULL;
}

static const char *step_back(const char *p) {
    do {
        p--;
    } while (((uint8_t)*p & 0xC0) == 0x80);
    return p;
}

static const char *match_at(const struct work *w, const char *p, size_t at);

/* As many as there are, then fewer; at least one for "+". */
static const char *match_greedy(const struct work *w, const char *p, size_t at) {
    const struct pattern_item *item = &w->pattern->items[at];
    const char *least = p, *next;
    if (item->repeat == '+') {
        least = step(w, item, p);
    }
    if (least == NULL) {
        return NULL;
    }
    for (p = least; (next = step(w, item, p)) != NULL;) {
        p = next;
    }
    for (;; p = step_back(p)) {
        const char *end = match_at(w, p, at + 1);
        if (end != NULL || p == least) {
            return end;
        }
    }
}

static const char *match_lazy(const struct work *w, const char *p, size_t at) {
    while (p != NULL) {
        const char *end = match_at(w, p, at + 1);
        if (end != NULL) {
            return end;
        }
        p = step(w, &w->pattern->items[at], p);
    }
    return NULL;
}

static const char *match_optional(const struct work *w, const char *p, size_t at) {
    const char *next = step(w, &w->pattern->items[at], p);
    const char *end = next != NULL ? match_at(w, next, at + 1) : NULL;
    return end != NULL ? end : match_at(w, p, at + 1);
}

static void open_capture(const struct work *w, uint32_t number, const char *p) {
    w->hit->captures[number] = (struct word){p, 0};
}

/* What a failed way wrote is written again by the way that succeeds: every way passes all brackets. */
static void close_capture(const struct work *w, uint32_t number, const char *p) {
    struct word *capture = &w->hit->captures[number];
    capture->n = (size_t)(p - capture->p);
}

/* Where the match ends that begins with item `at` at p, or null. Each level of the recursion is a repeated
 * item further on in the pattern. */
static const char *match_at(const struct work *w, const char *p, size_t at) {
    for (; p != NULL && at < w->pattern->items_n; at++) {
        const struct pattern_item *item = &w->pattern->items[at];
        switch (item->repeat) {
        case '*':
        case '+':
            return match_greedy(w, p, at);
        case '-':
            return match_lazy(w, p, at);
        case '?':
            return match_optional(w, p, at);
        default:
            break;
        }
        if (item->kind == PATTERN_OPEN) {
            open_capture(w, item->code, p);
        } else if (item->kind == PATTERN_CLOSE) {
            close_capture(w, item->code, p);
        } else if (item->kind == PATTERN_END) {
            p = p == w->end ? p : NULL;
        } else {
            p = step(w, item, p);
        }
    }
    return p;
}

bool pattern_find(const struct pattern *pattern, struct word text, pattern_charge *charge,
                  void *self, struct pattern_hit *hit) {
    const struct work w = {pattern, text.p + text.n, charge, self, hit};
    uint32_t code;
    for (const char *p = text.p;;) {
        charge(self, 1);
        const char *end = match_at(&w, p, 0);
        if (end != NULL) {
            hit->whole = (struct word){p, (size_t)(end - p)};
            return true;
        }
        size_t len = utf8_decode(p, (size_t)(w.end - p), &code);
        if (len == 0 || pattern->anchored) {
            return false;
        }
        p += len;
    }
}
