#include "pack_new_words.h"

#include <stdlib.h>
#include <string.h>

#include "record.h"

struct row {
    const char *name;
    enum pack_context context;
    enum pack_reach reach;
    enum pack_certainty certainty;
    const char *path, *helper;
};

#define SURE  PACK_SURE_NAME
#define WEAK  PACK_WEAK_NAME
#define GUESS PACK_GUESS_NAME
#define NAME(name, context, reach, certainty, path, helper)                                        \
    {name, PACK_##context, PACK_##reach, certainty, path, helper},
#define CONTEXT(word, context)
#define AVOID(word)
#define VAGUE(word)
static const struct row rows[] = {
#include "guess_names.def"
};
#undef NAME
#undef CONTEXT
#define NAME(name, context, reach, certainty, path, helper)
#define CONTEXT(word, context) {word, PACK_##context},
static const struct {
    const char *word;
    enum pack_context context;
} context_rows[] = {
#include "guess_names.def"
};
#undef CONTEXT
#undef AVOID
#define CONTEXT(word, context)
#define AVOID(word) word,
static const char *const avoid_rows[] = {
#include "guess_names.def"
};
#undef AVOID
#undef VAGUE
#define AVOID(word)
#define VAGUE(word) word,
static const char *const vague_rows[] = {
#include "guess_names.def"
};

#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

struct pack_words {
    struct pack_word *names;
    size_t names_n, names_cap;
    struct pack_name contexts[LENGTH(context_rows)];
    struct pack_name avoided[LENGTH(avoid_rows)];
    struct pack_name vague[LENGTH(vague_rows)];
};

static int32_t add_name(struct pack_words *words, const char *p, size_t n, struct pack_word word) {
    if (words->names_n == words->names_cap) {
        size_t cap = words->names_cap > 0 ? 2 * words->names_cap : LENGTH(rows) + 512;
        struct pack_word *more = realloc(words->names, cap * sizeof *more);
        if (more == NULL) {
            return SHK_E_MEMORY;
        }
        words->names = more;
        words->names_cap = cap;
    }
    word.name = (struct pack_name){0};
    int32_t rc = pack_name_fold(p, n, &word.name);
    words->names[words->names_n++] = word;
    return rc;
}

static int32_t add_rows(struct pack_words *words) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < LENGTH(rows); i++) {
        const struct row *row = &rows[i];
        rc = add_name(words, row->name, strlen(row->name),
                      (struct pack_word){.context = row->context,
                                         .reach = row->reach,
                                         .certainty = row->certainty,
                                         .path = row->path,
                                         .helper = row->helper});
    }
    return rc;
}

/* What the person was asked by, how a bulk run went: no host's column. */
static bool is_of_patient(const struct field *field) {
    static const char *const others[] = {"search.", "registration.", "bulk.", "patient.",
                                         "derived."};
    for (size_t i = 0; i < LENGTH(others); i++) {
        if (text_starts(field->path, others[i])) {
            return false;
        }
    }
    return true;
}

/* Each of the names between bars, without what stands before its last slash. */
static int32_t add_last_names(struct pack_words *words, const char *names,
                              const struct pack_word *word) {
    int32_t rc = SHK_OK;
    for (const char *p = names; rc == SHK_OK && *p != '\0';) {
        size_t n = strcspn(p, "|"), from = n;
        while (from > 0 && p[from - 1] != '/') {
            from--;
        }
        rc = add_name(words, p + from, n - from, *word);
        p += p[n] == '|' ? n + 1 : n;
    }
    return rc;
}

/* The keys of other sections of the app's text are called like those of the first one. */
static const char *own_keys(const struct field *field) {
    static const char section[] = "資格情報/";
    bool own = text_starts(field->app, section) || strchr(field->app, '/') == NULL;
    return own ? field->app : "";
}

static int32_t add_field(struct pack_words *words, const struct field *field) {
    const struct pack_word word = {
        .context = PACK_PLAIN, .reach = PACK_WHOLE, .path = field->path, .helper = ""};
    int32_t rc = add_name(words, field->path, strlen(field->path), word);
    rc = rc == SHK_OK ? add_name(words, field->japanese, strlen(field->japanese), word) : rc;
    rc = rc == SHK_OK ? add_last_names(words, field->element, &word) : rc;
    return rc == SHK_OK ? add_last_names(words, own_keys(field), &word) : rc;
}

static int32_t add_fields(struct pack_words *words) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < field_count(); i++) {
        const struct field *field = field_at(i);
        rc = is_of_patient(field) ? add_field(words, field) : SHK_OK;
    }
    return rc;
}

static int32_t fold_all(const char *const *from, size_t n, struct pack_name *to) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < n; i++) {
        rc = pack_name_fold(from[i], strlen(from[i]), &to[i]);
    }
    return rc;
}

static int32_t fill(struct pack_words *words) {
    int32_t rc = add_rows(words);
    rc = rc == SHK_OK ? add_fields(words) : rc;
    for (size_t i = 0; rc == SHK_OK && i < LENGTH(context_rows); i++) {
        const char *word = context_rows[i].word;
        rc = pack_name_fold(word, strlen(word), &words->contexts[i]);
    }
    rc = rc == SHK_OK ? fold_all(avoid_rows, LENGTH(avoid_rows), words->avoided) : rc;
    return rc == SHK_OK ? fold_all(vague_rows, LENGTH(vague_rows), words->vague) : rc;
}

int32_t pack_words_new(struct pack_words **out) {
    *out = calloc(1, sizeof **out);
    int32_t rc = *out != NULL ? fill(*out) : SHK_E_MEMORY;
    if (rc != SHK_OK) {
        pack_words_free(out);
    }
    return rc;
}

static void clear_all(struct pack_name *names, size_t n) {
    for (size_t i = 0; i < n; i++) {
        pack_name_clear(&names[i]);
    }
}

void pack_words_free(struct pack_words **words) {
    struct pack_words *old = *words;
    *words = NULL;
    if (old == NULL) {
        return;
    }
    for (size_t i = 0; i < old->names_n; i++) {
        pack_name_clear(&old->names[i].name);
    }
    clear_all(old->contexts, LENGTH(old->contexts));
    clear_all(old->avoided, LENGTH(old->avoided));
    clear_all(old->vague, LENGTH(old->vague));
    free(old->names);
    free(old);
}

const struct pack_word *pack_words_whole(const struct pack_words *words,
                                         const struct pack_name *name, enum pack_context context) {
    for (size_t i = 0; i < words->names_n; i++) {
        const struct pack_word *word = &words->names[i];
        if (word->context == context && pack_name_equal(&word->name, name)) {
            return word;
        }
    }
    return NULL;
}

static bool reaches(const struct pack_word *word, const struct pack_name *name) {
    size_t at = word->reach != PACK_WHOLE ? pack_name_find(name, &word->name, 0) : SIZE_MAX;
    if (at == SIZE_MAX || at == 0 || word->reach == PACK_INSIDE) {
        return at != SIZE_MAX;
    }
    size_t last = name->text.n - word->name.text.n;
    return pack_name_find(name, &word->name, last) == last;
}

const struct pack_word *pack_words_part(const struct pack_words *words,
                                        const struct pack_name *name, enum pack_context context) {
    const struct pack_word *best = NULL;
    for (size_t i = 0; i < words->names_n; i++) {
        const struct pack_word *word = &words->names[i];
        bool longer = best == NULL || word->name.text.n > best->name.text.n;
        if (word->context == context && longer && reaches(word, name)) {
            best = word;
        }
    }
    return best;
}

bool pack_words_context(const struct pack_words *words, const struct pack_name *name,
                        struct pack_found *out) {
    *out = (struct pack_found){0};
    for (size_t i = 0; i < LENGTH(context_rows); i++) {
        size_t n = words->contexts[i].text.n, at = pack_name_find(name, &words->contexts[i], 0);
        if (at != SIZE_MAX && n > out->n) {
            *out = (struct pack_found){.context = context_rows[i].context, .at = at, .n = n};
        }
    }
    return out->n > 0;
}

bool pack_words_avoided(const struct pack_words *words, const struct pack_name *name) {
    for (size_t i = 0; i < LENGTH(avoid_rows); i++) {
        if (pack_name_find(name, &words->avoided[i], 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

bool pack_words_vague(const struct pack_words *words, const struct pack_name *name) {
    for (size_t i = 0; i < LENGTH(vague_rows); i++) {
        if (pack_name_equal(&words->vague[i], name)) {
            return true;
        }
    }
    return name->text.n == 0;
}

int32_t pack_words_know(const struct pack_words *words, const char *p, bool *known) {
    struct pack_name name = {0};
    int32_t rc = pack_name_fold(p, strlen(p), &name);
    *known = rc == SHK_OK && pack_words_whole(words, &name, PACK_PLAIN) != NULL;
    pack_name_clear(&name);
    return rc;
}
