#include "folder_state.h"

#include <stdlib.h>
#include <string.h>

#define DAY_S  86400
#define NUMBER 10 /* decimal */

static const char *const kind_words[FOLDER_KINDS] = {"ask", "bulk", "fetch", "register"};
/* Days; a question names its day, a batch may be gone on with much later. */
static const int32_t kind_days[FOLDER_KINDS] = {2, 60, 60, 60};

void folder_state_clear(struct folder_state *s) {
    free(s->entry);
    memset(s, 0, sizeof *s);
}

struct folder_entry *folder_state_find(const struct folder_state *s, enum folder_kind kind,
                                       const char *question) {
    for (size_t i = 0; i < s->n; i++) {
        if (s->entry[i].kind == kind && text_equal(s->entry[i].question, question)) {
            return &s->entry[i];
        }
    }
    return NULL;
}

static void drop_at(struct folder_state *s, size_t i) {
    memmove(&s->entry[i], &s->entry[i + 1], (s->n - i - 1) * sizeof s->entry[0]);
    s->n--;
}

void folder_state_drop(struct folder_state *s, enum folder_kind kind, const char *question) {
    const struct folder_entry *entry = folder_state_find(s, kind, question);
    if (entry != NULL) {
        drop_at(s, (size_t)(entry - s->entry));
    }
}

void folder_state_prune(struct folder_state *s, int64_t now_s) {
    for (size_t i = s->n; i > 0; i--) {
        const struct folder_entry *entry = &s->entry[i - 1];
        if (entry->made_s + (int64_t)kind_days[entry->kind] * DAY_S < now_s) {
            drop_at(s, i - 1);
        }
    }
}

int32_t folder_state_add(struct folder_state *s, const struct folder_entry *entry) {
    folder_state_drop(s, entry->kind, entry->question);
    if (s->n == FOLDER_OPEN_MAX) {
        drop_at(s, 0);
    }
    if (s->n == s->cap) {
        size_t cap = s->cap == 0 ? 16 : 2 * s->cap;
        struct folder_entry *more = realloc(s->entry, cap * sizeof *more);
        if (more == NULL) {
            return SHK_E_MEMORY;
        }
        s->entry = more;
        s->cap = cap;
    }
    s->entry[s->n++] = *entry;
    return SHK_OK;
}

/* One line's words, separated by single spaces. */
struct words {
    const char *p;
    size_t n;
};

static bool next_word(struct words *w, char *out, size_t cap) {
    size_t n = 0;
    while (n < w->n && w->p[n] != ' ') {
        n++;
    }
    if (n == 0 || n >= cap) {
        return false;
    }
    text_copy_n(out, cap, w->p, n);
    size_t used = n < w->n ? n + 1 : n;
    w->p += used;
    w->n -= used;
    return true;
}

static bool next_number(struct words *w, int64_t *out) {
    char word[24];
    return next_word(w, word, sizeof word) && text_to_int64(word, strlen(word), out);
}

/* "-" stands for nothing. */
static bool next_optional(struct words *w, char *out, size_t cap) {
    if (!next_word(w, out, cap)) {
        return false;
    }
    if (text_equal(out, "-")) {
        out[0] = '\0';
    }
    return true;
}

static bool all_of(const char *text, const char *set, size_t n) {
    return strlen(text) == n && strspn(text, set) == n;
}

static bool is_hash(const char *text) {
    return all_of(text, "0123456789abcdef", FOLDER_HASH_MAX - 1);
}

static bool is_id(const char *text) {
    return all_of(text, "0123456789", 12) || all_of(text, "0123456789", 20);
}

static void read_number(struct folder_state *s, struct words *w) {
    char day[9];
    int64_t number = 0;
    if (next_word(w, day, sizeof day) && all_of(day, "0123456789", 8) && next_number(w, &number) &&
        number > 0 && number <= FOLDER_NUMBER_MOST) {
        text_copy(s->day, sizeof s->day, day);
        s->number = (int32_t)number;
    }
}

static uint8_t hex_value(char c) {
    return (uint8_t)(char_is_digit(c) ? c - '0' : c - 'a' + NUMBER);
}

static void read_salt(struct folder_state *s, struct words *w) {
    char hex[2 * FOLDER_SALT + 1];
    if (!next_word(w, hex, sizeof hex) || !all_of(hex, "0123456789abcdef", sizeof hex - 1)) {
        return;
    }
    for (size_t i = 0; i < FOLDER_SALT; i++) {
        s->salt[i] = (uint8_t)(hex_value(hex[2 * i]) << 4 | hex_value(hex[2 * i + 1]));
    }
    s->salted = true;
}

static int32_t read_entry(struct folder_state *s, enum folder_kind kind, struct words *w) {
    struct folder_entry e = {.kind = kind};
    int64_t sent = 0;
    bool good = next_number(w, &sent) && next_word(w, e.id, sizeof e.id) && is_id(e.id) &&
                next_number(w, &e.made_s) && e.made_s >= 0 && e.made_s <= INT64_MAX / 2 &&
                next_word(w, e.question, sizeof e.question) && is_hash(e.question) &&
                next_optional(w, e.file_identifier, sizeof e.file_identifier) &&
                (e.file_identifier[0] == '\0' || is_hash(e.file_identifier)) &&
                next_optional(w, e.reception, sizeof e.reception) &&
                (e.reception[0] == '\0' || reception_is_usable(e.reception));
    e.sent = sent != 0;
    return good ? folder_state_add(s, &e) : SHK_OK;
}

static int32_t read_line(struct folder_state *s, const char *p, size_t n) {
    struct words w = {p, n};
    char word[16];
    if (!next_word(&w, word, sizeof word)) {
        return SHK_OK;
    }
    if (text_equal(word, "number")) {
        read_number(s, &w);
    } else if (text_equal(word, "salt")) {
        read_salt(s, &w);
    }
    for (int kind = 0; kind < FOLDER_KINDS; kind++) {
        if (text_equal(word, kind_words[kind])) {
            return read_entry(s, (enum folder_kind)kind, &w);
        }
    }
    return SHK_OK;
}

int32_t folder_state_read(struct folder_state *s, const char *text, size_t n) {
    int32_t rc = SHK_OK;
    folder_state_clear(s);
    while (n > 0 && rc == SHK_OK) {
        const char *end = memchr(text, '\n', n);
        size_t line = end != NULL ? (size_t)(end - text) : n;
        rc = read_line(s, text, line);
        size_t used = end != NULL ? line + 1 : line;
        text += used;
        n -= used;
    }
    return rc;
}

static const char *or_dash(const char *text) {
    return text[0] != '\0' ? text : "-";
}

int32_t folder_state_write(const struct folder_state *s, struct bytes *out) {
    char line[400];
    char hex[2 * FOLDER_SALT + 1];
    bytes_clear(out);
    hex_encode(s->salt, sizeof s->salt, hex);
    text_format(line, sizeof line, "salt %s\n", hex);
    int32_t rc = s->salted ? bytes_append_text(out, line) : SHK_OK;
    if (rc == SHK_OK && s->number > 0) {
        text_format(line, sizeof line, "number %s %d\n", s->day, (int)s->number);
        rc = bytes_append_text(out, line);
    }
    for (size_t i = 0; i < s->n && rc == SHK_OK; i++) {
        const struct folder_entry *e = &s->entry[i];
        text_format(line, sizeof line, "%s %d %s %lld %s %s %s\n", kind_words[e->kind],
                    (int)e->sent, e->id, (long long)e->made_s, e->question,
                    or_dash(e->file_identifier), or_dash(e->reception));
        rc = bytes_append_text(out, line);
    }
    return rc;
}
