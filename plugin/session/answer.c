#include "answer.h"

#include <string.h>

#include "ahead.h"
#include "deliver.h"
#include "fold.h"
#include "routes.h"

void answer_oqs_options(const struct session *s, struct oqs_options *out) {
    *out = (struct oqs_options){.ignore_character_code = text_equal(
                                    config_text(s->config, "oqs.character_code"), "ignore")};
}

int32_t answer_read_oqs(const struct session *s, const uint8_t *p, size_t n,
                        struct record_set **out, struct fault *why) {
    struct oqs_options options;
    answer_oqs_options(s, &options);
    return oqs_read(p, n, &options, out, why);
}

static bool read_value(const struct record_set *set, size_t record, const char *path,
                       struct value *out) {
    return record_value(set, record, path, strlen(path), out) == SHK_OK &&
           out->state == VALUE_PRESENT;
}

static bool value_is(const struct record_set *set, size_t record, const char *path,
                     const char *expected) {
    struct value v;
    return read_value(set, record, path, &v) && text_equal(v.text, expected);
}

/* Says that, or nothing about it. */
static bool value_allows(const struct record_set *set, size_t record, const char *path,
                         const char *expected) {
    struct value v;
    return !read_value(set, record, path, &v) || text_equal(v.text, expected);
}

/* Width, separators and padding may come back in another form than they were sent. */
static bool number_allows(const struct record_set *set, size_t record, const char *path,
                          fold_text *fold, const char *expected) {
    struct value v;
    return !read_value(set, record, path, &v) || fold_same(fold, v.text, expected);
}

static bool insurer_allows(const struct record_set *set, size_t record, const char *path,
                           const char *expected) {
    struct value v;
    return !read_value(set, record, path, &v) || fold_same_insurer(v.text, expected);
}

static void write_day(const char digits[9], char out[11]) {
    text_format(out, 11, "%.4s-%.2s-%.2s", digits, digits + 4, digits + 6);
}

/* The entitlement that the card data name. */
static bool is_entitlement(const struct card_data *asked, const struct record_set *set,
                           size_t record) {
    return insurer_allows(set, record, "insurer_number", asked->insurer_number) &&
           number_allows(set, record, "number", fold_number_short, asked->number) &&
           (asked->branch_number[0] == '\0' ||
            number_allows(set, record, "branch_number", fold_number_short, asked->branch_number));
}

/* Besides the entitlement that was asked for others may be told of (医療扶助), in its place none. */
static bool has_entitlement(const struct card_data *asked, const struct record_set *set) {
    for (size_t i = 1; i <= record_count(set); i++) {
        if (is_entitlement(asked, set, i)) {
            return true;
        }
    }
    return false;
}

/* Names may be written in other ways, a date of birth not: who is eligible was born on that day. */
static bool is_person(const struct card_data *asked, const struct record_set *set, size_t record) {
    char born[11];
    write_day(asked->birth_date, born);
    bool eligible = record_outcome(set) == OUTCOME_ELIGIBLE;
    return value_allows(set, record, "search.birth_date", born) &&
           insurer_allows(set, record, "search.insurer_number", asked->insurer_number) &&
           number_allows(set, record, "search.number", fold_number_whole, asked->number) &&
           (eligible ? value_is(set, record, "birth_date", born)
                     : value_allows(set, record, "birth_date", born));
}

bool answer_is_ours(const struct session *s, const struct question *q,
                    const struct record_set *set) {
    char date[11];
    write_day(q->date, date);
    /* A terminal may answer under the name of an earlier request that was the same; the route has
     * matched the two. */
    bool same_request = !routes_is(s, "folder");
    for (size_t i = 1; i <= record_count(set); i++) {
        if (!value_is(set, i, "institution_code", q->institution_code) ||
            !value_is(set, i, "confirmation_date", date) ||
            (same_request && !value_is(set, i, "file_identifier", q->file_identifier)) ||
            (q->search != NULL && !is_person(q->search, set, i))) {
            return false;
        }
    }
    return q->search == NULL || has_entitlement(q->search, set);
}

bool answer_is_for_us(const struct session *s, const struct record_set *set) {
    const char *code = config_text(s->config, "institution_code");
    for (size_t i = 1; code[0] != '\0' && i <= record_count(set); i++) {
        if (!value_is(set, i, "institution_code", code)) {
            return false;
        }
    }
    return true;
}

void answer_show(struct session *s, struct record_set *set, bool usable, const char *source) {
    struct values *v = ahead_write(s);
    record_free(&v->records);
    v->records = set;
    v->source = set != NULL ? source : NULL;
    v->outcome = usable && set != NULL ? (int32_t)record_outcome(set) : SHK_OUTCOME_NONE;
    ahead_written(s);
    s->kept = false;
}

int32_t answer_tell(struct session *s, struct fault *why) {
    int64_t started = session_now(s);
    int32_t rc = deliver_take(s, why);
    if (rc != SHK_OK) {
        /* What is nowhere kept must not be shown: it could be lost with the next power failure. */
        answer_show(s, NULL, false, NULL);
        deliver_forget(s);
        answer_tell_fault(s, why);
        return rc;
    }
    ahead_write(s)->told = true;
    ahead_written(s);
    session_post(s, SHK_EVENT_ANSWER);
    rc = deliver_all(s, why);
    answer_note_time(s, &ahead_values(s)->delivery_ms, started);
    return rc;
}

void answer_tell_fault(struct session *s, const struct fault *why) {
    if (why->code == 0 || ahead_values(s)->told) {
        return;
    }
    ahead_write(s)->told = true;
    ahead_written(s);
    session_post_fault(s, why);
}

void answer_note_time(struct session *s, int32_t *slot, int64_t started) {
    (void)ahead_write(s);
    *slot = (int32_t)(session_now(s) - started);
    ahead_written(s);
}
