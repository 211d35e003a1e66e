#include <stdlib.h>
#include <string.h>

#include "pack_new_write.h"
#include "record.h"

/* All columns: what one means may hang on another. */
struct choosing {
    const struct pack_new_source *source;
    struct pack_choice *choices;
};

/* The n-th column of several that go by the same names; 0: there is one. */
static int32_t number_of(const struct pack_new_source *source, size_t at) {
    int32_t before = 0, all = 0;
    for (size_t i = 0; i < source->n; i++) {
        bool same = text_equal(source->columns[i].names, source->columns[at].names);
        all += same ? 1 : 0;
        before += same && i < at ? 1 : 0;
    }
    return all > 1 ? before + 1 : 0;
}

static bool is_plain(const struct pack_choice *choice, const char *from) {
    return text_equal(choice->from, from) && choice->helpers_n == 0;
}

static bool has_helper(const struct pack_choice *choice, const char *from, const char *helper) {
    return text_equal(choice->from, from) && choice->helpers_n > 0 &&
           text_equal(choice->helpers[0], helper);
}

/* Beside a family name, what looked like the whole name is the given one: 苗字 and 名前. */
static void pair_names(const struct choosing *all, const char *from) {
    struct pack_choice *whole = NULL;
    size_t families = 0, others = 0;
    for (size_t i = 0; i < all->source->n; i++) {
        struct pack_choice *one = &all->choices[i];
        families += has_helper(one, from, "family") ? 1 : 0;
        bool plain = is_plain(one, from) || has_helper(one, from, "kana_half") ||
                     has_helper(one, from, "kana_full");
        others += plain || has_helper(one, from, "given") ? 1 : 0;
        whole = plain ? one : whole;
    }
    if (families == 1 && others == 1 && whole != NULL && whole->helpers_n < 2) {
        memmove(whole->helpers[1], whole->helpers[0], sizeof whole->helpers[0]);
        text_copy(whole->helpers[0], sizeof whole->helpers[0], "given");
        whole->helpers_n++;
        whole->sure = false;
    }
}

static bool is_day(const struct pack_choice *choice) {
    const struct field *field = field_find(choice->from, strlen(choice->from));
    return choice->from[0] != '\0' && field != NULL && field->type == FIELD_DATE;
}

/* Days without a value in the sample are written like those that have one. */
static void follow_days(const struct choosing *all) {
    const struct pack_choice *seen = NULL;
    for (size_t i = 0; i < all->source->n && seen == NULL; i++) {
        const struct pack_choice *one = &all->choices[i];
        bool shown = all->source->columns[i].form.n > 0 && !one->misfit && !one->helpless;
        seen = shown && is_day(one) ? one : NULL;
    }
    for (size_t i = 0; i < all->source->n && seen != NULL; i++) {
        struct pack_choice *one = &all->choices[i];
        if (one->form_guessed && is_day(one)) {
            memcpy(one->helpers, seen->helpers, sizeof one->helpers);
            one->helpers_n = seen->helpers_n;
        }
    }
}

int32_t pack_choose_all(const struct pack_words *words, const struct pack_new_source *source,
                        struct pack_choice **out) {
    *out = calloc(source->n > 0 ? source->n : 1, sizeof **out);
    int32_t rc = *out != NULL ? SHK_OK : SHK_E_MEMORY;
    for (size_t i = 0; rc == SHK_OK && i < source->n; i++) {
        const struct pack_column *column = &source->columns[i];
        struct pack_match match;
        rc = pack_words_guess(words, column->names, number_of(source, i), &match);
        if (rc == SHK_OK && column->constant == NULL) {
            pack_choose(&match, &column->form, &(*out)[i]);
        }
    }
    if (rc == SHK_OK) {
        const struct choosing all = {source, *out};
        pair_names(&all, "name");
        pair_names(&all, "name_kana");
        pair_names(&all, "insured_name");
        follow_days(&all);
    }
    return rc;
}
