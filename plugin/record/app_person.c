#include "app_person.h"

#include <string.h>

#include "fold.h"

/* The same item of both records; false when one of them does not say it. */
struct both {
    const struct app_item *one, *other;
};

static bool find_both(const struct app_items *items, const char *path, struct both *out) {
    out->one = app_items_find(items, APP_INSURANCE, path);
    out->other = out->one != NULL ? app_items_find(items, APP_AID, path) : NULL;
    return out->one != NULL && out->other != NULL && out->one->reading == APP_READ_VALUE &&
           out->other->reading == APP_READ_VALUE;
}

static bool same_folded(const struct both *texts, fold_text *fold) {
    const struct app_value *a = &texts->one->value, *b = &texts->other->value;
    return fold_same_n(fold, a->text, a->n, b->text, b->n);
}

static bool has_one_birth(const struct app_items *items, struct both *found) {
    return !find_both(items, "birth_date", found) || app_items_same_value(found->one, found->other);
}

static bool has_one_name(const struct app_items *items, struct both *found) {
    return !find_both(items, "name", found) ||
           fold_names_match(found->one->value.text, found->one->value.n, found->other->value.text,
                            found->other->value.n);
}

/* A mark fits many names, of twins too: then the readings decide, which insurers else write as they like. */
static bool has_one_reading(const struct app_items *items, struct both *found) {
    struct both names;
    bool marked = find_both(items, "name", &names) && !same_folded(&names, fold_name);
    return !marked || !find_both(items, "name_kana", found) || same_folded(found, fold_kana);
}

/* Unlike "see the back of the card" two sexes are two persons. */
static bool has_one_sex(const struct app_items *items, struct both *found) {
    static const char unsaid[] = "3";
    return !find_both(items, "sex", found) || app_items_same_value(found->one, found->other) ||
           text_equal(found->one->value.text, unsaid) ||
           text_equal(found->other->value.text, unsaid);
}

const struct app_item *app_other_person(const struct app_items *items, const char **key) {
    static const struct {
        const char *key;
        bool (*is_one)(const struct app_items *items, struct both *found);
    } signs[] = {
        {"生年月日", has_one_birth},
        {"氏名", has_one_name},
        {"フリガナ", has_one_reading},
        {"性別", has_one_sex},
    };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        struct both found;
        if (!signs[i].is_one(items, &found)) {
            *key = signs[i].key;
            return found.one->line > found.other->line ? found.one : found.other;
        }
    }
    return NULL;
}
