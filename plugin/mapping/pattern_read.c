#include <string.h>

#include "pattern.h"
#include "text.h"

struct reader {
    const char *p, *end;
    struct pattern *out;
    size_t open[PATTERN_CAPTURES], open_n; /* captures that are not closed yet */
    bool fresh;                            /* right behind a "(" */
};

static bool is_class(uint32_t code) {
    return code < 0x80 && code != 0 && strchr("dawsDAWS", (int)code) != NULL;
}

static bool is_sign(uint32_t code) {
    bool alnum = (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') ||
                 (code >= 'a' && code <= 'z');
    return code > ' ' && code < 0x7F && !alnum;
}

static bool take(struct reader *r, uint32_t *code) {
    size_t len = utf8_decode(r->p, (size_t)(r->end - r->p), code);
    r->p += len;
    return len > 0;
}

static struct pattern_item *add(struct reader *r, enum pattern_kind kind, uint32_t code) {
    struct pattern *out = r->out;
    if (out->items_n == PATTERN_ITEMS) {
        return NULL;
    }
    struct pattern_item *item = &out->items[out->items_n++];
    *item = (struct pattern_item){.kind = kind, .code = code};
    return item;
}

static bool read_escape(struct reader *r) {
    uint32_t code;
    if (!take(r, &code) || (!is_class(code) && !is_sign(code))) {
        return false;
    }
    return add(r, is_class(code) ? PATTERN_CLASS : PATTERN_CHAR, code) != NULL;
}

/* One character or class of a set that may be escaped. */
static bool skip_one(struct reader *r) {
    uint32_t code;
    if (!take(r, &code)) {
        return false;
    }
    return code != '%' || (take(r, &code) && (is_class(code) || is_sign(code)));
}

/* From behind "[" to behind "]". A "]" that stands first is one of the set. */
static bool read_set(struct reader *r) {
    struct pattern_item *item = add(r, PATTERN_SET, 0);
    if (item == NULL) {
        return false;
    }
    if (r->p < r->end && *r->p == '^') {
        item->negated = true;
        r->p++;
    }
    const char *start = r->p;
    do {
        if (!skip_one(r)) {
            return false;
        }
    } while (r->p < r->end && *r->p != ']');
    item->set = (struct word){start, (size_t)(r->p - start)};
    return r->p++ < r->end;
}

static bool read_open(struct reader *r) {
    size_t number = r->out->captures_n;
    if (number == PATTERN_CAPTURES) {
        return false;
    }
    r->open[r->open_n++] = number;
    r->out->captures_n++;
    r->fresh = true;
    return add(r, PATTERN_OPEN, (uint32_t)number) != NULL;
}

static bool read_close(struct reader *r, bool fresh) {
    if (r->open_n == 0 || fresh) {
        return false;
    }
    r->open_n--;
    return add(r, PATTERN_CLOSE, (uint32_t)r->open[r->open_n]) != NULL;
}

static void read_repeat(struct reader *r) {
    struct pattern_item *last = &r->out->items[r->out->items_n - 1];
    bool repeats = r->p < r->end && *r->p != '\0' && strchr("*+-?", *r->p) != NULL;
    if (repeats && last->kind <= PATTERN_SET) {
        last->repeat = *r->p++;
    }
}

static bool read_item(struct reader *r) {
    uint32_t code;
    bool fresh = r->fresh;
    r->fresh = false;
    if (!take(r, &code)) {
        return false;
    }
    switch (code) {
    case '(':
        return read_open(r);
    case ')':
        return read_close(r, fresh);
    case '[':
        return read_set(r);
    case '%':
        return read_escape(r);
    case '.':
        return add(r, PATTERN_ANY, 0) != NULL;
    case '*':
    case '+':
    case '?':
        return false; /* there is nothing to repeat */
    case '$':
        return add(r, r->p == r->end ? PATTERN_END : PATTERN_CHAR, code) != NULL;
    default:
        return add(r, PATTERN_CHAR, code) != NULL;
    }
}

bool pattern_read(struct word source, struct pattern *out) {
    struct reader r = {.p = source.p, .end = source.p + source.n, .out = out};
    out->items_n = 0;
    out->captures_n = 0;
    out->anchored = source.n > 0 && source.p[0] == '^';
    r.p += out->anchored ? 1 : 0;
    if (source.n == 0 || source.n > PATTERN_BYTES) {
        return false;
    }
    while (r.p < r.end) {
        if (!read_item(&r)) {
            return false;
        }
        read_repeat(&r);
    }
    return r.open_n == 0;
}
