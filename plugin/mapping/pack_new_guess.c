#include "pack_new_guess.h"

#include <string.h>

#include "pack_new_words.h"

#define LEVELS_MAX 20

/* The names that one column goes by. */
struct levels {
    struct pack_name at[LEVELS_MAX];
    bool vague[LEVELS_MAX];
    size_t n;
    size_t own, outer; /* the name itself and the one around it that says something; n: none */
    int32_t number;
};

struct search {
    const struct pack_words *words;
    struct pack_match *out;
};

static void clear_levels(struct levels *levels) {
    for (size_t i = 0; i < levels->n; i++) {
        pack_name_clear(&levels->at[i]);
    }
}

static size_t telling_before(const struct levels *levels, size_t end) {
    for (size_t i = end; i > 0; i--) {
        if (!levels->vague[i - 1]) {
            return i - 1;
        }
    }
    return levels->n;
}

/* What lies deeper than is looked at is named by what is nearest. */
static int32_t read_levels(const struct pack_words *words, const char *names,
                           struct levels *levels) {
    int32_t rc = SHK_OK;
    size_t depth = 1;
    for (const char *p = names; *p != '\0'; p++) {
        depth += *p == '\n' ? 1 : 0;
    }
    for (const char *p = names; rc == SHK_OK && depth > 0; depth--) {
        size_t n = strcspn(p, "\n");
        if (depth <= LEVELS_MAX) {
            struct pack_name *name = &levels->at[levels->n++];
            rc = pack_name_fold(p, n, name);
            levels->vague[levels->n - 1] = rc == SHK_OK && pack_words_vague(words, name);
        }
        p += p[n] == '\n' ? n + 1 : n;
    }
    levels->own = telling_before(levels, levels->n);
    levels->outer = levels->own < levels->n ? telling_before(levels, levels->own) : levels->n;
    return rc;
}

static void take(const struct search *s, const struct pack_word *word, bool sure) {
    s->out->path = word->path;
    s->out->helper = word->helper;
    s->out->sure = sure;
}

/* True when the search is over: the name is in the table. */
static bool take_whole(const struct search *s, const struct pack_name *name,
                       enum pack_context context, bool in_tree) {
    const struct pack_word *word = pack_words_whole(s->words, name, context);
    if (word != NULL) {
        take(s, word,
             word->certainty == PACK_SURE_NAME || (word->certainty == PACK_WEAK_NAME && !in_tree));
    }
    return word != NULL;
}

static bool take_part(const struct search *s, const struct pack_name *name,
                      enum pack_context context) {
    const struct pack_word *word = pack_words_part(s->words, name, context);
    if (word != NULL) {
        take(s, word, false);
    }
    return word != NULL;
}

static bool take_number(const struct search *s, struct pack_name *name) {
    int32_t number = pack_name_take_number(name);
    if (number > 0) {
        s->out->number = number;
        s->out->numbered = true;
    }
    return number > 0;
}

/* The name without the word of its context, and then without its number. */
static int32_t guess_rest(const struct search *s, const struct pack_name *name,
                          const struct pack_found *found, bool in_tree) {
    struct pack_name rest;
    int32_t rc = pack_name_without(name, found->at, found->n, &rest);
    if (rc == SHK_OK && !take_whole(s, &rest, found->context, in_tree)) {
        (void)take_number(s, &rest);
        if (!take_whole(s, &rest, found->context, in_tree)) {
            (void)take_part(s, &rest, found->context);
        }
    }
    pack_name_clear(&rest);
    return rc;
}

/* A name that holds a word of a context, or stands in something that does. */
static int32_t guess_in_context(const struct search *s, const struct levels *levels,
                                const struct pack_name *own, const struct pack_found *found,
                                bool in_own) {
    bool in_tree = levels->n > 1;
    if (take_whole(s, own, found->context, in_tree)) {
        return SHK_OK;
    }
    if (in_own) {
        return guess_rest(s, own, found, in_tree);
    }
    (void)take_part(s, own, found->context);
    return SHK_OK;
}

static bool is_somebody_elses(const struct search *s, const struct levels *levels, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (pack_words_avoided(s->words, &levels->at[i])) {
            return true;
        }
    }
    return false;
}

/* "BirthDate" for Date in Birth. */
static bool take_joined(const struct search *s, const struct levels *levels, int32_t *rc) {
    struct pack_name joined = {0};
    const struct pack_name *outer = &levels->at[levels->outer], *own = &levels->at[levels->own];
    *rc = pack_name_without(outer, outer->text.n, 0, &joined);
    *rc = *rc == SHK_OK ? pack_name_append(&joined, own) : *rc;
    bool found = *rc == SHK_OK && take_whole(s, &joined, PACK_PLAIN, true);
    pack_name_clear(&joined);
    return found;
}

static bool context_around(const struct search *s, const struct levels *levels,
                           struct pack_found *found) {
    for (size_t i = levels->own; i > 0; i--) {
        if (pack_words_context(s->words, &levels->at[i - 1], found)) {
            return true;
        }
    }
    return false;
}

/* The name with its number taken off, when it has one that is not part of a name of the table. */
static int32_t guess_own(const struct search *s, const struct levels *levels,
                         const struct pack_found *around, bool has_around) {
    struct pack_name bare = {0};
    struct pack_found found;
    const struct pack_name *own = &levels->at[levels->own];
    bool in_own = pack_words_context(s->words, own, &found);
    bool plain = !has_around || in_own;
    if (plain && take_whole(s, own, PACK_PLAIN, levels->n > 1)) {
        return SHK_OK;
    }
    int32_t rc = pack_name_without(own, own->text.n, 0, &bare);
    bool numbered = rc == SHK_OK && take_number(s, &bare);
    bool done = rc != SHK_OK || (plain && numbered && take_whole(s, &bare, PACK_PLAIN, true)) ||
                pack_words_avoided(s->words, own);
    if (!done && in_own) {
        in_own = pack_words_context(s->words, &bare, &found);
    }
    if (!done && (in_own || has_around)) {
        rc = guess_in_context(s, levels, &bare, in_own ? &found : around, in_own);
    } else if (!done) {
        (void)take_part(s, &bare, PACK_PLAIN);
    }
    pack_name_clear(&bare);
    return rc;
}

static int32_t guess(const struct search *s, const struct levels *levels) {
    struct pack_found around = {0};
    int32_t rc = SHK_OK;
    if (levels->own == levels->n) {
        return SHK_OK;
    }
    s->out->hints = levels->at[levels->own].hints;
    bool has_outer = levels->outer < levels->n;
    bool has_around = context_around(s, levels, &around);
    if (is_somebody_elses(s, levels, has_outer ? levels->outer : 0)) {
        return SHK_OK;
    }
    if (has_outer && !has_around && take_joined(s, levels, &rc)) {
        return SHK_OK;
    }
    if (rc != SHK_OK || is_somebody_elses(s, levels, levels->own)) {
        return rc;
    }
    return guess_own(s, levels, &around, has_around);
}

int32_t pack_words_guess(const struct pack_words *words, const char *names, int32_t number,
                         struct pack_match *out) {
    struct levels levels = {0};
    *out = (struct pack_match){.number = number};
    const struct search s = {.words = words, .out = out};
    int32_t rc = read_levels(words, names, &levels);
    rc = rc == SHK_OK ? guess(&s, &levels) : rc;
    clear_levels(&levels);
    return rc;
}
