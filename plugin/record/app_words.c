#include "app_words.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "plain.h"
#include "value.h"
#include "when.h"

#define BUCKETS 1024

struct app_words {
    struct app_word *at;
    size_t n, cap;
    size_t first[BUCKETS]; /* by the word's hash: the newest one, counted from 1; 0: none */
};

uint32_t app_words_hash(const char *text) {
    return (uint32_t)(bytes_quick_hash(text, strlen(text)) >> 32);
}

/* Where the words with a hash begin. */
static size_t bucket_of(uint32_t hash) {
    return (hash >> 16) % BUCKETS;
}

const char *app_kind_name(enum app_kind kind) {
    static const char *const names[] = {"", "医療保険", "医療扶助"};
    return names[kind];
}

static void free_word(struct app_word *word) {
    free((char *)word->scope);
    free((char *)word->word);
    free((char *)word->means);
}

void app_words_free(struct app_words **words) {
    if (words == NULL || *words == NULL) {
        return;
    }
    for (size_t i = 0; i < (*words)->n; i++) {
        free_word(&(*words)->at[i]);
    }
    free((*words)->at);
    free(*words);
    *words = NULL;
}

static bool is_word(const struct app_word *one, enum app_word_type type, uint32_t hash,
                    const char *word) {
    return one->word_hash == hash && one->type == type && text_equal(one->word, word);
}

const struct app_word *app_words_find(const struct app_words *words, enum app_word_type type,
                                      const char *scope, const char *word) {
    const struct app_word *at = words->at;
    uint32_t hash = app_words_hash(word);
    for (size_t i = at != NULL ? words->first[bucket_of(hash)] : 0; i > 0; i = at[i - 1].next) {
        if (is_word(&at[i - 1], type, hash, word) && text_equal(at[i - 1].scope, scope)) {
            return &at[i - 1];
        }
    }
    return NULL;
}

bool app_words_know_key(const struct app_words *words, const char *name) {
    bool known = false;
    (void)app_words_find_key(words, NULL, 0, name, &known);
    return known;
}

/* Where the word's scope stands among n of them; n: nowhere. */
static size_t rank_of(const struct app_scope *scopes, size_t n, const struct app_word *word) {
    size_t i = 0;
    while (i < n &&
           (scopes[i].hash != word->scope_hash || !text_equal(scopes[i].name, word->scope))) {
        i++;
    }
    return i;
}

const struct app_word *app_words_find_key(const struct app_words *words,
                                          const struct app_scope *scopes, size_t n,
                                          const char *name, bool *known) {
    const struct app_word *best = NULL;
    uint32_t hash = app_words_hash(name);
    *known = false;
    for (size_t i = words->first[bucket_of(hash)]; i > 0; i = words->at[i - 1].next) {
        const struct app_word *one = &words->at[i - 1];
        /* Known once, the name is compared only where the scope may be a better one. */
        if (one->word_hash != hash || one->type != APP_KEY) {
            continue;
        }
        size_t rank = rank_of(scopes, n, one);
        if ((rank < n || !*known) && text_equal(one->word, name)) {
            best = rank < n ? one : best;
            n = rank;
            *known = true;
        }
    }
    return best;
}

const struct app_word *app_words_at(const struct app_words *words, enum app_word_type type,
                                    size_t index) {
    for (size_t i = 0; i < words->n; i++) {
        if (words->at[i].type == type && index-- == 0) {
            return &words->at[i];
        }
    }
    return NULL;
}

static bool make_room(struct app_words *words) {
    if (words->n < words->cap) {
        return true;
    }
    size_t cap = words->cap == 0 ? 512 : words->cap * 2;
    struct app_word *grown = realloc(words->at, cap * sizeof *grown);
    if (grown != NULL) {
        words->at = grown;
        words->cap = cap;
    }
    return grown != NULL;
}

/* That of an equal word, which is given up, or a new one. */
static struct app_word *place_for(struct app_words *words, const struct app_word *like) {
    const struct app_word *known = app_words_find(words, like->type, like->scope, like->word);
    if (known != NULL) {
        struct app_word *one = &words->at[known - words->at];
        free_word(one);
        return one;
    }
    if (!make_room(words)) {
        return NULL;
    }
    size_t *bucket = &words->first[bucket_of(app_words_hash(like->word))];
    struct app_word *one = &words->at[words->n++];
    one->next = *bucket;
    *bucket = words->n;
    return one;
}

/* Keeps copies of the texts of `like`. */
static int32_t keep(struct app_words *words, const struct app_word *like) {
    struct app_word copy = *like;
    copy.scope = text_dup(like->scope);
    copy.word = text_dup(like->word);
    copy.means = text_dup(like->means);
    struct app_word *place = NULL;
    if (copy.scope != NULL && copy.word != NULL && copy.means != NULL) {
        place = place_for(words, like);
    }
    if (place == NULL) {
        free_word(&copy);
        return SHK_E_MEMORY;
    }
    copy.next = place->next;
    copy.word_hash = app_words_hash(copy.word);
    copy.scope_hash = app_words_hash(copy.scope);
    *place = copy;
    return SHK_OK;
}

bool app_name_read(const char *p, size_t n, char out[APP_NAME_MAX]) {
    if (!plain_fold(p, n, out, APP_NAME_MAX)) {
        out[0] = '\0';
    }
    for (size_t len = strlen(out); len > 0 && out[len - 1] == ':'; len--) {
        out[len - 1] = '\0';
    }
    return out[0] != '\0';
}

/* Where "(kind)" begins that a name ends with; 0: it does not, or is nothing else. */
static size_t kind_at(const char *name, size_t n, const char *kind) {
    size_t kind_n = strlen(kind);
    if (n <= kind_n + 2 || name[n - 1] != ')') {
        return 0;
    }
    size_t at = n - kind_n - 2;
    return name[at] == '(' && memcmp(name + at + 1, kind, kind_n) == 0 ? at : 0;
}

enum app_kind app_name_take_kind(char *name) {
    size_t n = strlen(name);
    for (int i = APP_INSURANCE; i < APP_KINDS; i++) {
        size_t at = kind_at(name, n, app_kind_name((enum app_kind)i));
        if (at > 0) {
            name[at] = '\0';
            return (enum app_kind)i;
        }
    }
    return APP_KIND_NONE;
}

static bool plain(const char *word, char out[APP_NAME_MAX]) {
    return app_name_read(word, strlen(word), out);
}

static bool find_kind(const char *name, enum app_kind *kind) {
    for (int i = 0; i < APP_KINDS; i++) {
        if (text_equal(app_kind_name((enum app_kind)i), name)) {
            *kind = (enum app_kind)i;
            return true;
        }
    }
    return false;
}

static bool is_section(const struct app_words *words, const char *name) {
    return app_words_find(words, APP_SECTION, "", name) != NULL;
}

/* "", a section, or a section with the kind of record behind. */
static bool is_scope(const struct app_words *words, const char *name) {
    char section[APP_NAME_MAX];
    if (name[0] == '\0' || is_section(words, name)) {
        return true;
    }
    text_copy(section, sizeof section, name);
    return app_name_take_kind(section) != APP_KIND_NONE && is_section(words, section);
}

static bool scope_of(const struct app_words *words, const char *section, char out[APP_NAME_MAX]) {
    out[0] = '\0';
    return section[0] == '\0' || (plain(section, out) && is_scope(words, out));
}

int32_t app_words_add_heading(struct app_words *words, const char *heading, const char *section,
                              const char *record_kind) {
    char word[APP_NAME_MAX], means[APP_NAME_MAX];
    struct app_word one = {.type = APP_HEADING, .scope = "", .word = word, .means = means};
    if (!plain(heading, word) || !plain(section, means) || !is_section(words, means) ||
        !find_kind(record_kind, &one.kind)) {
        return SHK_E_ARGUMENT;
    }
    return keep(words, &one);
}

int32_t app_words_add_key(struct app_words *words, const char *section, const char *key,
                          const char *path) {
    char word[APP_NAME_MAX], scope[APP_NAME_MAX];
    struct app_word one = {.type = APP_KEY, .scope = scope, .word = word, .means = ""};
    if (!plain(key, word) || !scope_of(words, section, scope) ||
        !field_resolve(path, strlen(path), &one.ref) || one.ref.label ||
        field_is_derived(one.ref.field)) {
        return SHK_E_ARGUMENT;
    }
    return keep(words, &one);
}

int32_t app_words_add_ignored(struct app_words *words, const char *section, const char *key) {
    char word[APP_NAME_MAX], scope[APP_NAME_MAX];
    struct app_word one = {.type = APP_KEY, .scope = scope, .word = word, .means = ""};
    if (!plain(key, word) || !scope_of(words, section, scope)) {
        return SHK_E_ARGUMENT;
    }
    return keep(words, &one);
}

/* Fields with a fixed set of values must get one of it; other codes may be newer than the table. */
static bool can_hold(const struct field *field, const char *value) {
    struct reading reading;
    bool fixed =
        field->type == FIELD_SEX || field->type == FIELD_RELATION || field->type == FIELD_FLAG;
    return value_read(field, value, strlen(value), &reading) == SHK_OK &&
           !(fixed && reading.unknown_code);
}

int32_t app_words_add_value(struct app_words *words, const char *path, const char *word,
                            const char *value) {
    char own[APP_NAME_MAX];
    struct field_ref ref;
    struct app_word one = {.type = APP_VALUE, .word = own, .means = value};
    if (!plain(word, own) || !field_resolve(path, strlen(path), &ref) || ref.label ||
        field_is_derived(ref.field) || !can_hold(ref.field, value)) {
        return SHK_E_ARGUMENT;
    }
    one.scope = ref.field->path;
    return keep(words, &one);
}

static int32_t add_bare(struct app_words *words, enum app_word_type type, const char *word) {
    char own[APP_NAME_MAX];
    struct app_word one = {.type = type, .scope = "", .word = own, .means = ""};
    return plain(word, own) ? keep(words, &one) : SHK_E_ARGUMENT;
}

int32_t app_words_add_beginning(struct app_words *words, const char *beginning) {
    return add_bare(words, APP_BEGINNING, beginning);
}

int32_t app_words_add_date(struct app_words *words, const char *notation) {
    return when_is_notation(notation) ? add_bare(words, APP_DATE, notation) : SHK_E_ARGUMENT;
}

static int32_t add_section(struct app_words *words, const char *name) {
    int32_t rc = add_bare(words, APP_SECTION, name);
    return rc == SHK_OK ? app_words_add_heading(words, name, name, "") : rc;
}

/* "section/key" or "key" up to the bar or the end. */
static int32_t add_app_key(struct app_words *words, const struct field *field, const char *p,
                           size_t n) {
    char text[2 * APP_NAME_MAX];
    text_copy_n(text, sizeof text, p, n);
    char *slash = strchr(text, '/');
    if (slash == NULL) {
        return app_words_add_key(words, "", text, field->path);
    }
    *slash = '\0';
    int32_t rc = is_section(words, text) ? SHK_OK : add_section(words, text);
    return rc == SHK_OK ? app_words_add_key(words, text, slash + 1, field->path) : rc;
}

static int32_t add_app_keys(struct app_words *words, const struct field *field) {
    int32_t rc = SHK_OK;
    for (const char *p = field->app; rc == SHK_OK && *p != '\0';) {
        size_t n = strcspn(p, "|");
        rc = add_app_key(words, field, p, n);
        p += n + (p[n] == '|' ? 1 : 0);
    }
    return rc;
}

/* A label that is too long to be a word is none. */
static int32_t add_codes(struct app_words *words, const struct field *field) {
    int32_t rc = SHK_OK;
    for (const struct code_row *row = field->codes; rc != SHK_E_MEMORY && row->code != NULL;
         row++) {
        rc = app_words_add_value(words, field->path, row->code, row->code);
        if (rc != SHK_E_MEMORY) {
            rc = app_words_add_value(words, field->path, row->label, row->code);
        }
    }
    return rc == SHK_E_MEMORY ? rc : SHK_OK;
}

static int32_t add_fields(struct app_words *words) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < field_count(); i++) {
        const struct field *field = field_at(i);
        if (!field_is_derived(field)) {
            rc = add_app_keys(words, field);
            if (rc == SHK_OK && field->codes != NULL) {
                rc = add_codes(words, field);
            }
        }
    }
    return rc;
}

static int32_t add_type_word(struct app_words *words, enum field_type type, const char *word,
                             const char *value) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < field_count(); i++) {
        const struct field *field = field_at(i);
        if (field->type == type && !field_is_derived(field)) {
            rc = app_words_add_value(words, field->path, word, value);
        }
    }
    return rc;
}

enum row_verb { ADD_SECTION, ADD_HEADING, ADD_KEY, ADD_TYPE_WORD, ADD_WORD, ADD_BEGINNING };

struct row {
    enum row_verb verb;
    enum field_type type;
    const char *a, *b, *c;
};

#define SECTION(name)                   {ADD_SECTION, FIELD_TEXT, name, NULL, NULL},
#define HEADING(heading, section, kind) {ADD_HEADING, FIELD_TEXT, heading, section, kind},
#define KEY(section, key, path)         {ADD_KEY, FIELD_TEXT, section, key, path},
#define TYPE_WORD(type, word, value)    {ADD_TYPE_WORD, type, word, value, NULL},
#define WORD(path, word, value)         {ADD_WORD, FIELD_TEXT, path, word, value},
#define BEGINNING(word)                 {ADD_BEGINNING, FIELD_TEXT, word, NULL, NULL},

static const struct row rows[] = {
#include "app_words.def"
};

static int32_t add_row(struct app_words *words, const struct row *row) {
    switch (row->verb) {
    case ADD_SECTION:
        return add_section(words, row->a);
    case ADD_HEADING:
        return app_words_add_heading(words, row->a, row->b, row->c);
    case ADD_KEY:
        return app_words_add_key(words, row->a, row->b, row->c);
    case ADD_TYPE_WORD:
        return add_type_word(words, row->type, row->a, row->b);
    case ADD_WORD:
        return app_words_add_value(words, row->a, row->b, row->c);
    case ADD_BEGINNING:
        return app_words_add_beginning(words, row->a);
    }
    return SHK_E_INTERNAL;
}

struct app_words *app_words_new(void) {
    struct app_words *words = calloc(1, sizeof *words);
    int32_t rc = words != NULL ? add_fields(words) : SHK_E_MEMORY;
    for (size_t i = 0; rc == SHK_OK && i < sizeof rows / sizeof rows[0]; i++) {
        rc = add_row(words, &rows[i]);
    }
    if (rc != SHK_OK) {
        app_words_free(&words);
    }
    return words;
}
