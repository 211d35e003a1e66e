/* Cards made for one case, in place of the sample: with other lines in its profile, or with a key and a
 * certificate of their own. And odd answers to chosen commands. */
#ifndef FAKE_CARD_MADE_H
#define FAKE_CARD_MADE_H

#include "card_case.h"

/* The sample with these lines behind its own. */
void start_as(const char *lines);
/* Rules that lead to this plan on the sample: 'A' files are selected, 'B' short identifiers, 'C' one extended
 * READ. From now on, as plan_now says; `plan_rules` is what rules go back to. */
void use_plan(char plan);
extern struct identity_rules plan_rules;
extern char plan_now;

/* "RSA-1024", "RSA-2048", "P-384", …: a card with such a key, whose certificate is valid from a day before
 * wall_now for a year. */
void start_made(const char *kind, const char *lines);

struct evp_pkey_st;
struct evp_pkey_st *made_key(const char *kind);
/* The certificate of such a card, in DER. */
void made_certificate(struct evp_pkey_st *key, struct bytes *out);

/* In place of the card's own answer; the command is carried out all the same. */
struct odd_answer {
    const char *head;   /* hex: how the command begins, "xx" for any byte */
    size_t len;         /* of the command; 0: any */
    uint32_t skip;      /* so many are answered as the card does */
    uint32_t times;     /* 0: every one from there on */
    const char *answer; /* hex */
};
/* From now on, after start. The rows end with a head of null; both borrowed and counted in. */
void answer_oddly(struct odd_answer *rows);
/* How many commands that begin like this were sent, and are that long (0: any). */
uint32_t sent(const char *head, size_t len);

#endif
