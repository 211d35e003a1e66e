#include "pack_new_choose.h"

#include <string.h>

#include "record.h"

/* One column while its row is chosen. */
struct choosing {
    const struct pack_match *match;
    const struct pack_form *form;
    const struct field *field;
    struct pack_choice *out;
};

static bool has_values(const struct choosing *c) {
    return c->form->n > 0;
}

static bool all(const struct choosing *c, uint32_t bit) {
    return pack_form_all(c->form, bit);
}

static bool some(const struct choosing *c, uint32_t bit) {
    return pack_form_some(c->form, bit);
}

static void misfit(struct choosing *c) {
    c->out->misfit = true;
    c->out->sure = false;
}

static void helpless(struct choosing *c) {
    c->out->helpless = true;
    c->out->sure = false;
}

static bool try_helper(struct choosing *c, const char *as) {
    struct pack_choice *out = c->out;
    if (out->helpers_n == PACK_CHOICE_HELPERS_MAX || !pack_helper_usable(as)) {
        return false;
    }
    text_copy(out->helpers[out->helpers_n++], PACK_DATE_HELPER_MAX, as);
    return true;
}

static void need_helper(struct choosing *c, const char *as) {
    if (as[0] != '\0' && !try_helper(c, as)) {
        helpless(c);
    }
}

/* Without values it is the usual form, and a guess. */
static void usual(struct choosing *c, const char *as) {
    c->out->form_guessed = true;
    (void)(as[0] != '\0' && try_helper(c, as));
}

static void use_label(struct choosing *c) {
    size_t n = strlen(c->out->from);
    text_copy(c->out->from + n, sizeof c->out->from - n, "_label");
}

/* ---- dates ---- */

static void usual_date(struct choosing *c) {
    uint32_t hints = c->match->hints;
    if (c->field->type != FIELD_DATE) {
        usual(c, "");
    } else if ((hints & PACK_HINT_DIGITS8) != 0) {
        need_helper(c, "date:YYYYMMDD");
    } else {
        bool era = (hints & PACK_HINT_ERA) != 0 || text_equal(c->match->helper, "wareki");
        usual(c, era ? "wareki" : "date");
    }
}

/* A day cannot be written with a time, nor a month with a day. */
static bool date_fits(const struct choosing *c) {
    const struct pack_dates *dates = &c->form->dates;
    switch (c->field->type) {
    case FIELD_DATE:
        return dates->time == PACK_TIME_NONE;
    case FIELD_MONTH:
        return dates->month_only;
    default:
        return dates->era != PACK_ERA_DIGIT;
    }
}

/* A helper without its argument is nearer to what is wanted than none. */
static void date_helper(struct choosing *c, const char *as) {
    char name[PACK_DATE_HELPER_MAX];
    if (as[0] == '\0' || try_helper(c, as)) {
        return;
    }
    helpless(c);
    text_copy_n(name, sizeof name, as, strcspn(as, ":"));
    (void)try_helper(c, name);
}

static void choose_date(struct choosing *c) {
    char as[PACK_DATE_HELPER_MAX];
    if (!has_values(c)) {
        usual_date(c);
    } else if (!date_fits(c) || !pack_dates_helper(&c->form->dates, as)) {
        misfit(c);
        usual_date(c);
    } else {
        date_helper(c, as);
    }
}

/* ---- codes ---- */

#define WITH_WORDS(a, a_word, b, b_word)                                                           \
    "function(value) return ({ " a " = \"" a_word "\", " b " = \"" b_word "\" })[value] end"

static void choose_sex(struct choosing *c) {
    if (!has_values(c)) {
        usual(c, "sex12");
    } else if (all(c, PACK_VALUE_CODE3)) {
        need_helper(c, "sex12");
    } else if (all(c, PACK_VALUE_SEX)) {
        use_label(c);
    } else if (all(c, PACK_VALUE_SEX_LONG)) {
        c->out->with = WITH_WORDS("male", "男性", "female", "女性");
    } else if (all(c, PACK_VALUE_SEX_NAME)) {
        c->out->with = WITH_WORDS("male", "Male", "female", "Female");
    } else if (all(c, PACK_VALUE_SEX_MF)) {
        c->out->with = WITH_WORDS("male", "M", "female", "F");
    } else if (!all(c, PACK_VALUE_SEX_WORD)) {
        misfit(c);
    }
}

/* 1 and 2 say different things in different tables: one alone does not tell which it is. */
static void choose_relation(struct choosing *c) {
    static const struct {
        uint32_t bit;
        const char *helper;
    } tables[] = {{PACK_VALUE_CODE2, "relation12"},
                  {PACK_VALUE_CODE26, "relation26"},
                  {PACK_VALUE_CODE15, "relation15"}};
    const char *helper = NULL;
    size_t fitting = 0;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (all(c, tables[i].bit)) {
            helper = tables[i].helper;
            fitting++;
        }
    }
    if (!has_values(c) || fitting > 1) {
        usual(c, "relation12");
    } else if (helper != NULL) {
        need_helper(c, helper);
    } else if (all(c, PACK_VALUE_RELATION)) {
        use_label(c);
    } else {
        misfit(c);
    }
}

static void choose_code(struct choosing *c) {
    bool words = !all(c, PACK_VALUE_ASCII) && c->field->type == FIELD_CODE;
    c->out->form_guessed = !has_values(c);
    if (words) {
        use_label(c);
    }
}

/* Eight digits in all rows do not tell how six of 国保 are written. */
static void choose_insurer(struct choosing *c) {
    if (!has_values(c)) {
        usual(c, "");
    } else if (!all(c, PACK_VALUE_DIGITS)) {
        misfit(c);
    } else if (some(c, PACK_VALUE_SPACES)) {
        need_helper(c, "insurer:space");
    } else if (some(c, PACK_VALUE_ZEROS)) {
        need_helper(c, "insurer:zero");
    } else if (some(c, PACK_VALUE_LENGTH6)) {
        (void)try_helper(c, "insurer:bare");
    } else {
        c->out->form_guessed = true;
    }
}

#define FIRST_SHARE "text.first(value, rec.elderly.burden_percent)"

/* The share of a person of 70 to 74 stands on another certificate, so a function looks at both. */
static void look_at_both(struct choosing *c) {
    static const struct {
        const char *helper, *with;
    } functions[] = {
        {"", "function(value, rec) return " FIRST_SHARE " end"},
        {"tenths", "function(value, rec) return text.tenths(" FIRST_SHARE ") end"},
        {"benefit_tenths", "function(value, rec) return text.benefit_tenths(" FIRST_SHARE ") end"},
        {"benefit_percent3",
         "function(value, rec) return text.benefit_percent3(" FIRST_SHARE ") end"},
    };
    const char *helper = c->out->helpers_n > 0 ? c->out->helpers[0] : "";
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (text_equal(c->out->from, "burden_percent") && text_equal(helper, functions[i].helper)) {
            c->out->with = functions[i].with;
        }
    }
}

/* The patient's share, and not what is left for the insurer. */
static bool is_share(const char *helper) {
    return !text_starts(helper, "benefit");
}

static void choose_percent(struct choosing *c) {
    const char *helper = c->match->helper;
    const char *shown = all(c, PACK_VALUE_TENTHS)     ? "tenths"
                        : all(c, PACK_VALUE_BENEFIT)  ? "benefit_tenths"
                        : all(c, PACK_VALUE_BENEFIT3) ? "benefit_percent3"
                                                      : "";
    if (!has_values(c)) {
        usual(c, helper);
    } else if (shown[0] != '\0') {
        need_helper(c, shown);
        c->out->sure = c->out->sure && is_share(helper) == is_share(shown);
    } else if (!all(c, PACK_VALUE_PERCENT) || text_equal(helper, "benefit_tenths")) {
        misfit(c);
    }
    look_at_both(c);
}

/* ---- texts ---- */

static void choose_kana(struct choosing *c) {
    uint32_t hints = c->match->hints;
    bool half = has_values(c) ? some(c, PACK_VALUE_HALF_KANA) : (hints & PACK_HINT_NARROW) != 0;
    bool full = has_values(c) ? some(c, PACK_VALUE_FULL_KANA) : (hints & PACK_HINT_WIDE) != 0;
    if (half != full) {
        need_helper(c, half ? "kana_half" : "kana_full");
    } else if (has_values(c)) {
        misfit(c);
    } else {
        c->out->form_guessed = true;
    }
}

static void choose_postal(struct choosing *c) {
    if (!has_values(c)) {
        usual(c, "");
    } else if (all(c, PACK_VALUE_POSTAL7)) {
        need_helper(c, "postal7");
    } else if (all(c, PACK_VALUE_POSTAL_HYPHEN)) {
        need_helper(c, "postal_hyphen");
    } else {
        misfit(c);
    }
}

static void choose_branch(struct choosing *c) {
    if (all(c, PACK_VALUE_LENGTH2)) {
        need_helper(c, "branch2");
    } else if (has_values(c) && !all(c, PACK_VALUE_DIGITS)) {
        misfit(c);
    } else {
        usual(c, has_values(c) ? "" : "branch2");
    }
}

static void choose_width(struct choosing *c) {
    uint32_t hints = c->match->hints;
    bool wide = all(c, PACK_VALUE_WIDE) && some(c, PACK_VALUE_WIDE_SIGN);
    if (wide || (!has_values(c) && (hints & PACK_HINT_WIDE) != 0)) {
        need_helper(c, "wide");
    } else if (all(c, PACK_VALUE_ASCII) || (!has_values(c) && (hints & PACK_HINT_NARROW) != 0)) {
        need_helper(c, "narrow");
    }
}

/* Some hosts call the kana 氏名, where no other name is kept. */
static void notice_kana(struct choosing *c) {
    if (text_equal(c->out->from, "name") && all(c, PACK_VALUE_KANA)) {
        text_copy(c->out->from, sizeof c->out->from, "name_kana");
        c->out->sure = false;
    }
}

static void choose_text(struct choosing *c) {
    const char *from = c->out->from;
    notice_kana(c);
    need_helper(c, c->match->helper);
    if (text_equal(from, "name_kana") || text_equal(from, "name_other_kana")) {
        choose_kana(c);
    } else if (text_equal(from, "postal_code")) {
        choose_postal(c);
    } else if (text_equal(from, "branch_number")) {
        choose_branch(c);
    } else if (text_equal(from, "symbol") || text_equal(from, "number") ||
               text_equal(from, "address")) {
        choose_width(c);
    }
}

static void choose_form(struct choosing *c) {
    switch (c->field->type) {
    case FIELD_DATE:
    case FIELD_MONTH:
    case FIELD_TIME:
        choose_date(c);
        break;
    case FIELD_SEX:
        choose_sex(c);
        break;
    case FIELD_RELATION:
        choose_relation(c);
        break;
    case FIELD_INSURER:
        choose_insurer(c);
        break;
    case FIELD_PERCENT:
        choose_percent(c);
        break;
    case FIELD_CODE:
    case FIELD_FLAG:
        choose_code(c);
        break;
    case FIELD_TEXT:
        choose_text(c);
        break;
    default:
        break;
    }
}

/* False for a second one of what a record has but once; the kana of a second name are another field. */
static bool fill_path(const struct choosing *c) {
    const char *path = c->match->path, *list = strstr(path, "[]");
    int number = c->match->number > 0 ? (int)c->match->number : 1;
    if (list == NULL) {
        text_copy(c->out->from, sizeof c->out->from, path);
        c->out->sure = c->out->sure && !c->match->numbered;
        return number == 1 || (text_equal(path, "name") && all(c, PACK_VALUE_KANA));
    }
    text_format(c->out->from, sizeof c->out->from, "%.*s[%d]%s", (int)(list - path), path, number,
                list + 2);
    return true;
}

void pack_choose(const struct pack_match *match, const struct pack_form *form,
                 struct pack_choice *out) {
    *out = (struct pack_choice){.sure = match->sure};
    struct choosing c = {.match = match, .form = form, .out = out};
    if (match->path == NULL) {
        return;
    }
    if (!fill_path(&c)) {
        *out = (struct pack_choice){0};
        return;
    }
    c.field = field_find(out->from, strlen(out->from));
    if (c.field != NULL) {
        choose_form(&c);
    }
}
