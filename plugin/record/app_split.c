#include "app_split.h"

#include <string.h>

#include "app_lines.h"
#include "fold.h"
#include "when.h"

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
    char one[9] = "", two[9] = "";
    bool other = a->birth != NULL && b->birth != NULL && when_read(a->birth, a->birth_n, one) &&
                 when_read(b->birth, b->birth_n, two) && !text_equal(one, two);
    memory_wipe(one, sizeof one);
    memory_wipe(two, sizeof two);
    return other;
}

/* A mark for a missing character fits many names: where two texts can be kept apart it makes none one. */
static bool other_name(const struct who *a, const struct who *b) {
    return a->name != NULL && b->name != NULL &&
           !fold_same_n(fold_name, a->name, a->name_n, b->name, b->name_n);
}

/* The section that begins here, to its next heading. */
static struct who look_ahead(struct app_reader reader) {
    struct who who = {0};
    struct app_line line;
    while (app_next_line(&reader, &line) &&
           (line.type == APP_LINE_ITEM || line.type == APP_LINE_BLANK)) {
        note(&who, &line);
    }
    memory_wipe(&line, sizeof line);
    return who;
}

struct splitter {
    struct app_reader reader;
    bool seen[APP_KINDS];
    struct who first;
    const char *lead; /* where the lines begin that stand before the next heading; null: none */
    int32_t lead_line;
    bool lead_apart;  /* a blank line stands before them */
    bool lead_starts; /* the text itself begins with such lines */
    bool blank;       /* the line before was blank */
    bool spaced;      /* blank lines stand between items: they divide nothing */
    bool begun, item; /* a line that is not blank has come; it was an item */
};

static void splitter_init(struct splitter *s, const char *p, size_t n,
                          const struct app_words *words) {
    *s = (struct splitter){0};
    app_reader_init(&s->reader, p, n, 1, words);
}

/* Almost every text has one record: there is nothing to divide, nor to doubt. */
static bool has_one_opening(const char *p, size_t n, const struct app_words *words) {
    struct app_reader reader;
    size_t openings = 0;
    app_reader_init(&reader, p, n, 1, words);
    while (openings < 2 && app_pass_opening(&reader)) {
        openings++;
    }
    return openings < 2;
}

static bool has_record(const struct splitter *s) {
    return s->seen[APP_INSURANCE] || s->seen[APP_AID];
}

static bool is_lead(const struct app_line *line) {
    return line->type == APP_LINE_ITEM && line->word != NULL && line->word->scope[0] == '\0' &&
           line->word->ref.field != NULL;
}

/* A second record of the same kind is another person's or a second copy. One of the other kind belongs to
 * the same text unless it has a confirmation date of its own and lines before it, another day of birth or
 * another name. */
static bool begins_another(const struct splitter *s) {
    if (!has_record(s)) {
        return false;
    }
    if (s->seen[s->reader.kind]) {
        return true;
    }
    struct who next = look_ahead(s->reader);
    return next.dated &&
           (s->lead != NULL || other_birth(&s->first, &next) || other_name(&s->first, &next));
}

/* Lines before a heading are the next person's where the text shows that it keeps persons apart. */
static bool is_doubtful(const struct splitter *s) {
    return s->lead != NULL && !s->lead_starts && !(s->lead_apart && !s->spaced);
}

static void follow_lead(struct splitter *s, const struct app_line *line) {
    bool lead = is_lead(line);
    s->lead_starts = s->lead_starts || (lead && !s->begun);
    if (!lead || !has_record(s)) {
        s->lead = NULL;
        s->spaced = s->spaced || (s->item && s->blank && line->type == APP_LINE_ITEM);
    } else if (s->lead == NULL) {
        s->lead = line->start;
        s->lead_line = line->number;
        s->lead_apart = s->blank;
    }
    s->begun = true;
    s->item = line->type == APP_LINE_ITEM;
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
        follow_lead(s, line);
    }
    s->blank = line->type == APP_LINE_BLANK;
}

size_t app_first_length(const char *p, size_t n, const struct app_words *words) {
    struct splitter s;
    struct app_line line;
    size_t length = n;
    if (has_one_opening(p, n, words)) {
        return n;
    }
    splitter_init(&s, p, n, words);
    while (length == n && app_next_line(&s.reader, &line)) {
        if (app_opens_record(&line) && begins_another(&s) && !is_doubtful(&s)) {
            length = (size_t)((s.lead != NULL ? s.lead : line.start) - p);
        }
        follow(&s, &line);
    }
    memory_wipe(&line, sizeof line);
    return length;
}

int32_t app_doubtful_line(const char *p, size_t n, const struct app_words *words) {
    struct splitter s;
    struct app_line line;
    int32_t found = 0;
    if (has_one_opening(p, n, words)) {
        return 0;
    }
    splitter_init(&s, p, n, words);
    while (found == 0 && app_next_line(&s.reader, &line)) {
        if (app_opens_record(&line) && begins_another(&s) && is_doubtful(&s)) {
            found = s.lead_line;
        }
        follow(&s, &line);
    }
    memory_wipe(&line, sizeof line);
    return found;
}
