#include "app.h"

#include <string.h>

#include "app_lines.h"
#include "fold.h"
#include "when.h"

/* The beginning itself, or with something in brackets behind it. */
static bool begins_with(const char *name, const char *beginning) {
    size_t n = strlen(beginning);
    return text_starts(name, beginning) && (name[n] == '\0' || name[n] == '(');
}

static bool is_beginning(const struct app_words *words, const char *name) {
    const struct app_word *word;
    for (size_t i = 0; (word = app_words_at(words, APP_BEGINNING, i)) != NULL; i++) {
        if (begins_with(name, word->word)) {
            return true;
        }
    }
    return false;
}

bool app_is_text(const char *p, size_t n, const struct app_words *words) {
    struct app_reader reader;
    struct app_line line;
    app_reader_init(&reader, p, n, words);
    do {
        if (!app_next_line(&reader, &line)) {
            return false;
        }
    } while (line.type == APP_LINE_BLANK);
    bool heading = app_words_find(words, APP_HEADING, "", line.name) != NULL;
    /* "資格情報" with a value behind it is a signal between other programs. */
    bool signal = heading && line.type == APP_LINE_ITEM;
    bool good = !signal && (app_opens_record(&line) || is_beginning(words, line.name));
    memory_wipe(&line, sizeof line);
    return good;
}

/* Who a record is about, as far as its own lines say it. */
struct who {
    const char *name, *birth;
    size_t name_n, birth_n;
    bool dated; /* has a confirmation date of its own */
};

static void note(struct who *who, const struct app_line *line) {
    const struct field *field =
        line->type == APP_LINE_ITEM && line->word != NULL ? line->word->ref.field : NULL;
    if (field == NULL || line->value_n == 0) {
        return;
    }
    if (text_equal(field->path, "name")) {
        who->name = line->value;
        who->name_n = line->value_n;
    } else if (text_equal(field->path, "birth_date")) {
        who->birth = line->value;
        who->birth_n = line->value_n;
    }
    who->dated = who->dated || text_equal(field->path, "confirmation_date");
}

static bool other_birth(const struct who *a, const struct who *b) {
    char one[9], two[9];
    return a->birth != NULL && b->birth != NULL && when_read(a->birth, a->birth_n, one) &&
           when_read(b->birth, b->birth_n, two) && !text_equal(one, two);
}

static bool other_name(const struct who *a, const struct who *b) {
    return a->name != NULL && b->name != NULL &&
           !fold_names_match(a->name, a->name_n, b->name, b->name_n);
}

/* The section that begins here, to its next heading. */
static struct who look_ahead(struct app_reader reader) {
    struct who who = {0};
    struct app_line line;
    while (app_next_line(&reader, &line) &&
           (line.type == APP_LINE_ITEM || line.type == APP_LINE_BLANK)) {
        note(&who, &line);
    }
    return who;
}

struct splitter {
    struct app_reader reader;
    bool seen[APP_KINDS];
    struct who first;
    const char *lead; /* where the lines begin that stand before the next heading; null: none */
};

static bool is_lead(const struct app_line *line) {
    return line->type == APP_LINE_ITEM && line->word != NULL && line->word->scope[0] == '\0' &&
           line->word->ref.field != NULL;
}

/* A second record of the same kind is another person's or a second copy. One of the other kind belongs to
 * the same text unless it has a confirmation date of its own and lines before it, another day of birth or
 * another name. */
static bool begins_another(const struct splitter *s) {
    if (!s->seen[APP_INSURANCE] && !s->seen[APP_AID]) {
        return false;
    }
    if (s->seen[s->reader.kind]) {
        return true;
    }
    struct who next = look_ahead(s->reader);
    return next.dated &&
           (s->lead != NULL || other_birth(&s->first, &next) || other_name(&s->first, &next));
}

static void follow(struct splitter *s, const struct app_line *line) {
    if (app_opens_record(line)) {
        s->seen[s->reader.kind] = true;
    } else if (s->seen[APP_INSURANCE] != s->seen[APP_AID]) {
        bool of_person = s->reader.section != NULL && text_equal(s->reader.section, "資格情報");
        if (of_person) {
            note(&s->first, line);
        }
    }
    if (line->type != APP_LINE_BLANK) {
        bool lead = is_lead(line) && (s->seen[APP_INSURANCE] || s->seen[APP_AID]);
        s->lead = !lead ? NULL : s->lead != NULL ? s->lead : line->start;
    }
}

size_t app_first_length(const char *p, size_t n, const struct app_words *words) {
    struct splitter s = {0};
    struct app_line line;
    app_reader_init(&s.reader, p, n, words);
    while (app_next_line(&s.reader, &line)) {
        if (app_opens_record(&line) && begins_another(&s)) {
            return (size_t)((s.lead != NULL ? s.lead : line.start) - p);
        }
        follow(&s, &line);
    }
    return n;
}
