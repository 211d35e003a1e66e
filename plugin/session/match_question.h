/* The question whose answer this is, as the host sees it and answers it. */
#ifndef SESSION_MATCH_QUESTION_H
#define SESSION_MATCH_QUESTION_H

#include "memory.h"

#define MATCH_ANSWER_MAX 128
#define MATCH_TAKE_MAX   1024

/* Readable from the question until the next one or the next person. */
struct match_question {
    size_t delivery, record;
    char target[64];         /* adapter id */
    struct candidates found; /* owned */
    struct record_set *set;  /* owned; fields point into it and into `found` */
    struct match_result result;
    struct match_field fields[MATCH_CANDIDATES_MAX][MATCH_FIELDS_MAX];
    size_t fields_n[MATCH_CANDIDATES_MAX];
    bool open, given; /* a person is asked; has answered */
    char answer[MATCH_ANSWER_MAX], take[MATCH_TAKE_MAX];
};

void match_question_free(struct match_question **question); /* wipes; null is accepted */

/* What was answered. */
enum match_word { MATCH_WORD_PATIENT, MATCH_WORD_NEW, MATCH_WORD_SKIP, MATCH_WORD_LATER };
struct match_said {
    enum match_word word;
    size_t candidate; /* of MATCH_WORD_PATIENT: index into result.at */
};
/* False when it is no answer to this question. */
bool match_question_read(const struct match_question *q, const char *answer,
                         struct match_said *out);
/* Sets `take` of each field of a candidate by the host's words. False: a path that is no field of it. */
bool match_question_take(struct match_question *q, size_t candidate, const char *take);

/* Posts SHK_EVENT_MATCH and waits. The claim on that delivery of the outbox (null: none) is kept meanwhile.
 * SHK_E_UNDECIDED when nobody answers in time, when it is cancelled, or for "later"; SHK_E_DELIVERY_TAKEN. */
int32_t match_ask(struct session *s, const char *delivery, struct match_said *out,
                  struct fault *why);
/* Under the lock: shk_put of "match.answer" or "match.take". */
int32_t match_give(struct session *s, const char *path, const uint8_t *p, size_t n);
bool match_is_input(const char *path);

#endif
