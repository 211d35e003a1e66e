/* Inside the answering of SHK_EVENT_MATCH: whose answer is this? */
#ifndef CONSOLE_MATCH_H
#define CONSOLE_MATCH_H

#include "ask.h"

/* What goes to "match.answer" and "match.take"; take "": what the plugin proposes. */
struct match_choice {
    char answer[160], take[1024];
};

/* match_values.c: "match.candidate[2].field[1].now" and the like; list null: of the candidate itself, candidate
 * 0: of the question. Null: absent. */
char *match_text(const struct session *s, int32_t candidate, const char *list, int32_t n,
                 const char *name);
bool match_number(const struct session *s, int32_t candidate, const char *list, int32_t n,
                  const char *name, int32_t *out);
/* How many the list "reason" or "field" of a candidate has; candidate 0: how many candidates. */
int32_t match_count(const struct session *s, int32_t candidate, const char *list);
/* The host's value for that path of the record, or null. */
char *match_old(const struct session *s, int32_t candidate, const char *path);
/* A value of the record that the question is about, or null. */
char *match_person(const struct session *s, const char *path);
/* Grade in words of the question (candidate 0) or of a candidate; freed with value_free. */
char *match_grade(const struct screen *screen, const struct session *s, int32_t candidate);

enum match_kind { MATCH_KIND_EQUAL, MATCH_KIND_KEPT, MATCH_KIND_OPEN };
/* Whether there is something to accept: not where both say the same, nor where the host's text stays in any case. */
enum match_kind match_field_kind(const struct session *s, int32_t candidate, int32_t n);
bool match_field_taken(const struct session *s, int32_t candidate, int32_t n);

/* match_show.c: the question for a person. */
void match_show(struct screen *screen, const struct session *s);
/* A value of that path for a person: dates with their Japanese year. */
void match_write_value(const struct screen *screen, const char *path, const char *value, char *out,
                       size_t cap);
/* Title of a field in the person's language; freed with value_free. */
char *match_label(const struct screen *screen, const struct session *s, int32_t candidate,
                  int32_t n);
/* match_json.c: one object; answer null: one is awaited. */
void match_report(struct screen *screen, const struct session *s, const char *answer);

/* match_line.c: {"answer":"patient:12","take":"all"}; take may be an array of paths. False: it is none. */
bool match_read_line(const char *line, size_t n, struct match_choice *out);

enum match_sent { MATCH_SENT, MATCH_REFUSED };
/* match.c: hands the choice over. MATCH_REFUSED: it was told why, and the question stays open. */
enum match_sent match_send(struct run *r, const struct match_choice *choice);
/* Nobody answers any more: the answer waits. */
void match_put_off(struct run *r);
/* A line; INPUT_WAITING: the question is over. */
enum input_state match_line(struct question *q, const char *prompt);
/* match_ask.c: at the terminal, until there is an answer. */
void match_ask(struct question *q);

#endif
