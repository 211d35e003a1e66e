/* The copied text line by line: what each line is, and where in the text it stands. */
#ifndef RECORD_APP_LINES_H
#define RECORD_APP_LINES_H

#include "app_words.h"

enum app_line_type {
    APP_LINE_BLANK,
    APP_LINE_HEADING,
    APP_LINE_ITEM,
    APP_LINE_STRAY /* neither: no separator, and no heading that is known */
};

struct app_line {
    enum app_line_type type;
    int32_t number;    /* from 1 */
    const char *start; /* in the text, blanks before it included */
    const char *text;  /* the whole line, trimmed */
    size_t text_n;
    bool is_key;             /* its name is a key's: known somewhere, or a tab ends it */
    bool has_tab;            /* a tab ends it: a key without a value, never a heading */
    bool has_colon;          /* an item whose key a colon ends */
    char name[APP_NAME_MAX]; /* key or heading in its plain form; "" when it is too long */
    const char *value;       /* of an item, trimmed; its inner spaces are kept */
    size_t value_n;
    const struct app_word *word; /* of a heading or key; null: unknown */
    enum app_kind kind;          /* of a heading: the kind of record that it names */
};

/* Where a text is being read. */
struct app_reader {
    const struct app_words *words;
    const char *p, *end;
    int32_t number;
    bool begun;                     /* a heading has come, known or not */
    const struct app_word *heading; /* null: before every heading, or below one without a meaning */
    const char *section;            /* its section; null as heading */
    uint32_t section_hash, own_hash, no_hash; /* of the scopes that keys are looked up in */
    char own_section[APP_NAME_MAX]; /* with the kind of record behind, as "資格情報(医療扶助)" */
    bool passed_over;               /* below a heading that is known and has no place */
    int32_t torn;       /* the stray line that is a new heading or the rest of a value; 0: none */
    bool by_colon;      /* a known key has ended in a colon: the unknown ones may too */
    enum app_kind kind; /* of the record that the lines belong to; none before the first */
    char stray[APP_NAME_MAX]; /* the unknown heading, for paths; "" when it must not be shown */
};

/* first_line: the number of the text's first line. */
void app_reader_init(struct app_reader *r, const char *p, size_t n, int32_t first_line,
                     const struct app_words *words);
/* The next line; false at the end. Headings and stray lines move the reader. */
bool app_next_line(struct app_reader *r, struct app_line *out);
/* Goes behind the next heading that opens a person's record; false at the end when there is none. What it
 * passes leaves no trace in the reader. */
bool app_pass_opening(struct app_reader *r);
/* The torn line was a heading after all: its section ends the one before. */
void app_reader_leave(struct app_reader *r);
/* "資格情報" in one of its forms: the heading that opens a person's record. */
bool app_opens_record(const struct app_line *line);
/* The section and key of a line for drift and faults: "資格情報(医療扶助)/氏名". Never a value. */
void app_line_path(const struct app_reader *r, const struct app_line *line, char *out, size_t cap);

#endif
