#include "bulk_state.h"

#include <string.h>

#define TITLE "shikaku-bulk 2"
#define NONE  "-"

static const char *const kinds[] = {"check", "register"};
static const char *const counts[BULK_DIFFERENCES] = {"unchanged", "changed",   "lost",
                                                     "several",   "not_found", "fault"};

static const char *or_none(const char *text) {
    return text[0] != '\0' ? text : NONE;
}

int32_t bulk_state_write(const struct bulk_state *s, struct bytes *out) {
    char text[BULK_STATE_MAX];
    const uint64_t *c = s->count;
    size_t n = text_format(
        text, sizeof text,
        TITLE "\nkind %s\ninstitution %s\ndate %s\ntable %s\ncolumns %s\ntotal %llu\nfinished %s\n"
              "done %llu\nresults %llu\ndifferences %llu\n"
              "unchanged %llu\nchanged %llu\nlost %llu\nseveral %llu\nnot_found %llu\nfault %llu\n"
              "batch %llu\nkey %s\nreception %s\nend\n",
        kinds[s->kind], or_none(s->institution_code), s->date, s->table, s->columns,
        (unsigned long long)s->total, or_none(s->finished_on), (unsigned long long)s->done,
        (unsigned long long)s->results_at, (unsigned long long)s->differences_at,
        (unsigned long long)c[DIFFERENCE_UNCHANGED], (unsigned long long)c[DIFFERENCE_CHANGED],
        (unsigned long long)c[DIFFERENCE_LOST], (unsigned long long)c[DIFFERENCE_SEVERAL],
        (unsigned long long)c[DIFFERENCE_NOT_FOUND], (unsigned long long)c[DIFFERENCE_FAULT],
        (unsigned long long)s->batch, or_none(s->key), or_none(s->reception));
    return n < sizeof text ? bytes_append(out, text, n) : SHK_E_INTERNAL;
}

/* What is left of the text; once something does not fit, p is null. */
struct reading {
    const char *p, *end;
};

static bool refuse(struct reading *r) {
    r->p = NULL;
    return false;
}

/* The value of the next line, which must have this name. */
static bool line(struct reading *r, const char *name, const char **value, size_t *n) {
    size_t name_n = strlen(name);
    const char *stop = r->p != NULL ? memchr(r->p, '\n', (size_t)(r->end - r->p)) : NULL;
    if (stop == NULL || (size_t)(stop - r->p) < name_n + 1 || memcmp(r->p, name, name_n) != 0 ||
        r->p[name_n] != ' ') {
        return refuse(r);
    }
    *value = r->p + name_n + 1;
    *n = (size_t)(stop - *value);
    r->p = stop + 1;
    return true;
}

static bool is_plain(char c) {
    return c > 0x20 && c < 0x7F;
}

static void word(struct reading *r, const char *name, char *out, size_t cap) {
    const char *value;
    size_t n;
    out[0] = '\0';
    if (!line(r, name, &value, &n)) {
        return;
    }
    if (text_equal_n(NONE, value, n)) {
        return;
    }
    bool fine = n > 0 && n < cap;
    for (size_t i = 0; fine && i < n; i++) {
        fine = is_plain(value[i]);
    }
    if (!fine) {
        (void)refuse(r);
        return;
    }
    text_copy_n(out, cap, value, n);
}

static uint64_t number(struct reading *r, const char *name) {
    const char *value;
    size_t n;
    int64_t out = 0;
    if (line(r, name, &value, &n) && (!text_to_int64(value, n, &out) || out < 0)) {
        (void)refuse(r);
    }
    return out > 0 ? (uint64_t)out : 0;
}

static void literal(struct reading *r, const char *text) {
    size_t n = strlen(text);
    if (r->p == NULL || (size_t)(r->end - r->p) < n || memcmp(r->p, text, n) != 0) {
        (void)refuse(r);
        return;
    }
    r->p += n;
}

static bool is_hash(const char *text) {
    size_t n = 0;
    while (char_is_digit(text[n]) || (text[n] >= 'a' && text[n] <= 'f')) {
        n++;
    }
    return n == BULK_HASH_LEN - 1 && text[n] == '\0';
}

static bool is_day(const char *text) {
    size_t n = 0;
    while (char_is_digit(text[n])) {
        n++;
    }
    return n == 8 && text[n] == '\0';
}

static bool holds_together(const struct bulk_state *s) {
    uint64_t counted = 0;
    for (int i = 0; i < BULK_DIFFERENCES; i++) {
        if (s->count[i] > s->done) {
            return false;
        }
        counted += s->count[i];
    }
    bool batch_fits = s->done <= s->total && s->batch <= s->total - s->done;
    bool batch_named = s->batch == 0 || s->key[0] != '\0';
    bool received = s->reception[0] == '\0' || reception_is_usable(s->reception);
    bool end_fits = s->finished_on[0] == '\0' ||
                    (is_day(s->finished_on) && s->done == s->total && s->batch == 0);
    return is_hash(s->table) && is_hash(s->columns) && is_day(s->date) && batch_fits &&
           batch_named && received && counted == s->done && end_fits;
}

bool bulk_state_read(const uint8_t *p, size_t n, struct bulk_state *out) {
    struct reading r = {(const char *)p, (const char *)p + n};
    char kind[16];
    *out = (struct bulk_state){0};
    literal(&r, TITLE "\n");
    word(&r, "kind", kind, sizeof kind);
    word(&r, "institution", out->institution_code, sizeof out->institution_code);
    word(&r, "date", out->date, sizeof out->date);
    word(&r, "table", out->table, sizeof out->table);
    word(&r, "columns", out->columns, sizeof out->columns);
    out->total = number(&r, "total");
    word(&r, "finished", out->finished_on, sizeof out->finished_on);
    out->done = number(&r, "done");
    out->results_at = number(&r, "results");
    out->differences_at = number(&r, "differences");
    for (int i = 0; i < BULK_DIFFERENCES; i++) {
        out->count[i] = number(&r, counts[i]);
    }
    out->batch = number(&r, "batch");
    word(&r, "key", out->key, sizeof out->key);
    word(&r, "reception", out->reception, sizeof out->reception);
    literal(&r, "end\n");
    out->kind = text_equal(kind, kinds[BULK_REGISTER]) ? BULK_REGISTER : BULK_CHECK;
    bool fine = r.p == r.end && text_equal(kind, kinds[out->kind]);
    if (!fine || !holds_together(out)) {
        *out = (struct bulk_state){0};
        return false;
    }
    return true;
}
