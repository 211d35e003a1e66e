#include <string.h>

#include "app_days.h"
#include "app_person.h"
#include "app_split.h"
#include "build.h"
#include "plain.h"
#include "record_set.h"
#include "text.h"

#define PATH_MAX_BYTES 256
#define PLACES_MAX     32

/* How often a heading came for a kind of record: a certificate's second one is the list's next entry. */
struct place {
    const char *section;
    enum app_kind kind;
    size_t times;
};

struct reading_text {
    struct app_reader reader;
    struct app_items items;
    struct record_set *set;
    struct place places[PLACES_MAX];
    size_t places_n;
    enum app_kind order[APP_KINDS]; /* of the records, as they came */
    size_t order_n, openings;
    struct fault *why;
};

static int32_t refuse(struct reading_text *t, int32_t code, int32_t line, const char *path) {
    char where[sizeof t->why->where];
    if (line > 0) {
        text_format(where, sizeof where, "line %d %s", (int)line, path);
    } else {
        text_copy(where, sizeof where, path);
    }
    return fault_set(t->why, code, SHK_NATIVE_NONE, 0, where);
}

static int32_t report(struct reading_text *t, const struct app_line *line, const char *reason) {
    char path[PATH_MAX_BYTES], whole[PATH_MAX_BYTES + 32];
    bool item = line->type == APP_LINE_ITEM;
    app_line_path(&t->reader, line, path, sizeof path);
    text_format(whole, sizeof whole, "%s%s", path, reason);
    int32_t rc = record_drift(t->set, line->number, whole, item ? line->value : line->text,
                              item ? line->value_n : line->text_n);
    /* Nobody copies a text with so much that is not known. */
    return rc == SHK_OK || rc == SHK_E_MEMORY ? rc : refuse(t, SHK_E_APP_TEXT, line->number, path);
}

static struct place *find_place(struct reading_text *t) {
    struct place *place = t->places;
    for (; place < t->places + t->places_n; place++) {
        if (place->kind == t->reader.kind && text_equal(place->section, t->reader.section)) {
            return place;
        }
    }
    if (t->places_n == PLACES_MAX) {
        return NULL;
    }
    t->places_n++;
    *place = (struct place){t->reader.section, t->reader.kind, 0};
    return place;
}

static void enter_section(struct reading_text *t, const struct app_line *line) {
    enum app_kind kind = t->reader.kind;
    bool known = false;
    for (size_t i = 0; i < t->order_n; i++) {
        known = known || t->order[i] == kind;
    }
    if (!known) {
        t->order[t->order_n++] = kind;
    }
    t->openings += app_opens_record(line) ? 1 : 0;
    for (size_t i = 0; app_opens_record(line) && i < t->places_n; i++) {
        t->places[i].times = t->places[i].kind == kind ? 0 : t->places[i].times;
    }
    struct place *place = find_place(t);
    if (place != NULL) {
        place->times++;
    }
}

/* The header's and body's values, and what stands before every heading, hold for the whole text. */
static bool is_common(const struct app_word *key) {
    return key->scope[0] == '\0' || text_equal(key->ref.field->path, "confirmation_date");
}

static size_t entry_of(struct reading_text *t, const struct app_word *key) {
    const struct place *place =
        key->ref.entry > 0 && t->reader.section != NULL ? find_place(t) : NULL;
    return place != NULL && place->times > 1 ? key->ref.entry + place->times - 1 : key->ref.entry;
}

/* What says that an entitlement is over must not pass for one without an end. */
static bool says_end(const struct field *field) {
    static const char *const paths[] = {"valid_until", "disqualification_date", "validity"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (text_equal(field->path, paths[i])) {
            return true;
        }
    }
    return false;
}

/* What the value cannot be; SHK_OK for one to take. */
static int32_t judge(struct reading_text *t, const struct app_line *line,
                     const struct app_item *item) {
    if (item->reading == APP_READ_IMPOSSIBLE || item->ref.entry > RECORD_MAX) {
        return SHK_E_APP_VALUE;
    }
    if (item->reading != APP_READ_UNKNOWN) {
        return SHK_OK;
    }
    return says_end(item->ref.field) ? SHK_E_APP_UNREAD : report(t, line, "");
}

static int32_t add_item(struct reading_text *t, const struct app_line *line) {
    char path[PATH_MAX_BYTES];
    enum app_adding what = APP_ADDED;
    struct app_item item = {.ref = line->word->ref,
                            .kind = is_common(line->word) ? APP_KIND_NONE : t->reader.kind,
                            .heading = t->reader.heading,
                            .line = line->number};
    item.ref.entry = entry_of(t, line->word);
    item.reading =
        app_value_read(t->reader.words, item.ref.field, line->value, line->value_n, &item.value);
    int32_t rc = judge(t, line, &item);
    if (rc == SHK_OK) {
        rc = app_items_add(&t->items, &item, &what);
    }
    rc = rc == SHK_OK && what == APP_CONTRADICTS ? SHK_E_APP_CONTRADICTION : rc;
    if (rc != SHK_OK && rc != SHK_E_MEMORY) {
        app_line_path(&t->reader, line, path, sizeof path);
        rc = refuse(t, rc, line->number, path);
    } else if (rc == SHK_OK && what == APP_DIFFERS) {
        rc = report(t, line, "=differs");
    }
    memory_wipe(&item, sizeof item);
    return rc;
}

/* By the section itself: not by that of the other record, nor by the certificate before. */
static bool is_given_here(struct reading_text *t, const struct app_word *key) {
    enum app_kind kind = is_common(key) ? APP_KIND_NONE : t->reader.kind;
    size_t entry = entry_of(t, key);
    for (size_t i = 0; i < t->items.n; i++) {
        const struct app_item *item = &t->items.at[i];
        if (item->ref.field == key->ref.field && item->ref.entry == entry && item->kind == kind &&
            item->heading == t->reader.heading) {
            return true;
        }
    }
    return false;
}

/* Behind a line that nobody understands. A key that its section has had already shows that the line was
 * a heading. One that the section still lacks may be the section's own, and the line the rest of a value
 * before it: nobody knows. */
static int32_t take_behind_torn(struct reading_text *t, const struct app_line *line) {
    if (!is_given_here(t, line->word)) {
        return refuse(t, SHK_E_APP_UNREAD, t->reader.torn, "?");
    }
    struct app_line unknown = *line;
    unknown.word = NULL;
    app_reader_leave(&t->reader);
    int32_t rc = report(t, &unknown, "");
    memory_wipe(&unknown, sizeof unknown);
    return rc;
}

static int32_t take_known(struct reading_text *t, const struct app_line *line) {
    if (line->word->ref.field == NULL) {
        return SHK_OK;
    }
    return t->reader.torn > 0 ? take_behind_torn(t, line) : add_item(t, line);
}

static int32_t take_line(struct reading_text *t, const struct app_line *line) {
    switch (line->type) {
    case APP_LINE_HEADING:
        enter_section(t, line);
        return line->value_n > 0 ? report(t, line, "=value") : SHK_OK;
    case APP_LINE_STRAY:
        return line->word != NULL ? SHK_OK : report(t, line, "");
    case APP_LINE_ITEM:
        if (line->word != NULL) {
            return take_known(t, line);
        }
        return t->reader.passed_over ? SHK_OK : report(t, line, "");
    case APP_LINE_BLANK:
        break;
    }
    return SHK_OK;
}

/* A record without a single value of its own is a form that was left empty. */
static bool has_values(const struct reading_text *t, enum app_kind kind) {
    for (size_t i = 0; i < t->items.n; i++) {
        if (t->items.at[i].kind == kind && t->items.at[i].reading == APP_READ_VALUE) {
            return true;
        }
    }
    return false;
}

static void leave_out_empty_records(struct reading_text *t) {
    size_t n = 0;
    for (size_t i = 0; i < t->order_n; i++) {
        if (has_values(t, t->order[i])) {
            t->order[n++] = t->order[i];
        }
    }
    t->order_n = n;
}

static int32_t require(struct reading_text *t, enum app_kind kind, const char *path,
                       const char *key) {
    char place[PATH_MAX_BYTES];
    const struct app_item *item = app_items_said(&t->items, kind, path);
    if (item != NULL && item->reading == APP_READ_VALUE) {
        return SHK_OK;
    }
    text_format(place, sizeof place, "%s/%s", kind == APP_AID ? "資格情報(医療扶助)" : "資格情報",
                key);
    bool unread = item != NULL && item->reading == APP_READ_UNKNOWN;
    return refuse(t, unread ? SHK_E_APP_UNREAD : SHK_E_APP_INCOMPLETE,
                  item != NULL ? item->line : 0, place);
}

/* The keys for a payer's number of medical aid are not known for sure: there they may be missing. */
static int32_t require_all(struct reading_text *t) {
    static const struct {
        const char *path, *key;
        bool of_aid;
    } must[] = {
        {"confirmation_date", "確認日", true},
        {"insurer_number", "保険者番号", false},
        {"number", "番号", false},
        {"name", "氏名", true},
        {"birth_date", "生年月日", true},
    };
    int32_t rc = SHK_OK;
    if (t->order_n == 0) {
        t->order[t->order_n++] = APP_INSURANCE;
    }
    for (size_t i = 0; i < t->order_n; i++) {
        bool aid = t->order[i] == APP_AID;
        for (size_t m = 0; rc == SHK_OK && m < sizeof must / sizeof must[0]; m++) {
            rc = aid && !must[m].of_aid ? SHK_OK
                                        : require(t, t->order[i], must[m].path, must[m].key);
        }
    }
    return rc;
}

static int32_t check_one_person(struct reading_text *t) {
    char path[PATH_MAX_BYTES];
    const char *key = "";
    const struct app_item *other = t->order_n > 1 ? app_other_person(&t->items, &key) : NULL;
    if (other == NULL) {
        return SHK_OK;
    }
    text_format(path, sizeof path, "資格情報/%s", key);
    return refuse(t, SHK_E_APP_CONTRADICTION, other->line, path);
}

static int32_t check_days(struct reading_text *t, enum app_kind kind) {
    char key[PATH_MAX_BYTES];
    const struct app_item *item = app_day_out_of_order(&t->items, kind);
    if (item == NULL) {
        return SHK_OK;
    }
    const char *keys = item->ref.field->app;
    text_copy_n(key, sizeof key, keys, strcspn(keys, "|"));
    return refuse(t, SHK_E_APP_CONTRADICTION, item->line, key);
}

static int32_t check_all_days(struct reading_text *t) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < t->order_n; i++) {
        rc = check_days(t, t->order[i]);
    }
    return rc;
}

static int32_t open_entries(struct reading_text *t, const struct field_ref *ref) {
    const struct field *list = field_list_of(ref->field);
    size_t opened = record_entries(t->set, record_count(t->set), list);
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && opened < ref->entry) {
        rc = record_add_entry(t->set, list, &opened);
    }
    return rc;
}

static int32_t put_item(struct reading_text *t, const struct app_item *item) {
    char path[PATH_MAX_BYTES];
    bool unknown_code = false;
    bool there = item->reading == APP_READ_VALUE;
    int32_t rc = record_put(t->set, item->kind == APP_KIND_NONE, &item->ref, item->value.text,
                            there ? item->value.n : 0, &unknown_code);
    if (rc == SHK_E_VALUE) {
        return refuse(t, SHK_E_APP_VALUE, item->line, item->ref.field->path);
    }
    if (rc == SHK_OK && unknown_code) {
        text_format(path, sizeof path, "%s=unknown code", item->ref.field->path);
        rc = record_drift(t->set, item->line, path, item->value.text, item->value.n);
    }
    return rc;
}

/* Entries of one list must be opened before they are filled; items come in the text's order. */
static int32_t put_items(struct reading_text *t, enum app_kind kind) {
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < t->items.n; i++) {
        const struct app_item *item = &t->items.at[i];
        if (item->kind != kind || item->reading == APP_READ_UNKNOWN) {
            continue;
        }
        rc = item->ref.entry > 0 ? open_entries(t, &item->ref) : SHK_OK;
        rc = rc == SHK_OK ? put_item(t, item) : rc;
    }
    return rc;
}

/* The heading says what the record is, also when no key does. */
static int32_t put_class(struct reading_text *t, enum app_kind kind) {
    static const char path[] = "card_class", code[] = "A1";
    const struct app_item *said = kind == APP_AID ? app_items_find(&t->items, kind, path) : NULL;
    struct field_ref ref;
    bool unknown_code;
    if (kind != APP_AID || (said != NULL && said->reading != APP_READ_UNKNOWN) ||
        !field_resolve(path, sizeof path - 1, &ref)) {
        return SHK_OK;
    }
    return record_put(t->set, false, &ref, code, sizeof code - 1, &unknown_code);
}

static bool has_unread(const struct reading_text *t) {
    size_t i = 0;
    while (i < t->items.n && t->items.at[i].reading != APP_READ_UNKNOWN) {
        i++;
    }
    return i < t->items.n;
}

/* A ratio or class that is there and not understood leaves nothing to derive from the age. */
static void note_unread(struct reading_text *t, enum app_kind kind) {
    static const char *const paths[] = {"burden_percent", "elderly.burden_percent", "card_class"};
    for (size_t i = 0; has_unread(t) && i < sizeof paths / sizeof paths[0]; i++) {
        const struct app_item *own = app_items_find(&t->items, kind, paths[i]);
        const struct app_item *common = app_items_find(&t->items, APP_KIND_NONE, paths[i]);
        if ((own != NULL && own->reading == APP_READ_UNKNOWN) ||
            (common != NULL && common->reading == APP_READ_UNKNOWN)) {
            record_burden_is_unread(t->set);
        }
    }
}

static int32_t build(struct reading_text *t) {
    int32_t rc = put_items(t, APP_KIND_NONE);
    for (size_t i = 0; rc == SHK_OK && i < t->order_n; i++) {
        rc = record_add(t->set);
        if (rc == SHK_OK) {
            note_unread(t, t->order[i]);
        }
        rc = rc == SHK_OK ? put_items(t, t->order[i]) : rc;
        rc = rc == SHK_OK ? put_class(t, t->order[i]) : rc;
    }
    if (rc == SHK_OK) {
        record_source_is_app(t->set);
        rc = record_finish(t->set);
    }
    return rc;
}

static int32_t read_lines(struct reading_text *t) {
    struct app_line line;
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && app_next_line(&t->reader, &line)) {
        rc = take_line(t, &line);
    }
    memory_wipe(&line, sizeof line);
    return rc;
}

/* That a text may be two persons' is said before anything else that is wrong with it; for one with a single
 * opening heading nobody needs to look. */
static int32_t read_all(struct reading_text *t) {
    const char *p = t->reader.p;
    size_t n = (size_t)(t->reader.end - p);
    int32_t before = t->reader.number;
    int32_t rc = read_lines(t);
    int32_t line = rc != SHK_OK || t->openings > 1 ? app_doubtful_line(p, n, t->reader.words) : 0;
    if (line == 0) {
        return rc;
    }
    *t->why = (struct fault){0};
    return refuse(t, SHK_E_APP_CONTRADICTION, before + line, "資格情報");
}

static int32_t read_text(struct reading_text *t) {
    int32_t rc = read_all(t);
    if (rc == SHK_OK) {
        leave_out_empty_records(t);
        rc = require_all(t);
    }
    if (rc == SHK_OK) {
        rc = check_one_person(t);
    }
    rc = rc == SHK_OK ? check_all_days(t) : rc;
    return rc == SHK_OK ? build(t) : rc;
}

int32_t app_read(const char *p, size_t n, int32_t first_line, const struct app_words *words,
                 struct record_set **out, struct fault *why) {
    struct fault own = {0};
    struct reading_text t = {.why = &own};
    *out = NULL;
    while (n > 0 && n <= APP_TEXT_MAX && p[n - 1] == '\0') {
        n--; /* the clipboard's terminator */
    }
    int32_t rc = SHK_OK;
    if (n > APP_TEXT_MAX) {
        rc = SHK_E_FILE_TOO_LARGE;
    } else if (!utf8_valid(p, n) || memchr(p, '\0', n) != NULL || utf8_has_lost(p, n)) {
        rc = SHK_E_XML_ENCODING;
    } else if (!app_is_text(p, n, words)) {
        rc = SHK_E_APP_TEXT;
    } else {
        t.set = record_set_new();
        app_reader_init(&t.reader, p, n, first_line, words);
        rc = t.set != NULL ? read_text(&t) : SHK_E_MEMORY;
    }
    if (rc == SHK_OK) {
        *out = t.set;
        t.set = NULL;
    } else {
        fault_set(why, rc, own.native_kind, own.native, own.where);
    }
    record_free(&t.set);
    app_items_clear(&t.items);
    return rc;
}
