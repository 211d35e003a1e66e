/* The exchanges with the certificates' application over a card that may refuse some of them: what their tests
 * begin and end with. */
#ifndef FAKE_JPKI_CASE_H
#define FAKE_JPKI_CASE_H

#include "card_shy.h"
#include "jpki.h"

#define DIGEST_INFO_LEN 51

extern struct card_virtual reader;
extern struct card_shy shy;
extern struct jpki j;
extern struct identity_rules rules; /* all zero before each case */
extern struct habits *habits;       /* new ones in each case */
extern struct fault why;
extern struct bytes certificate;

/* Before the first case; false: CARD_PROFILE names no profile. */
bool jpki_case_set_up(void);
/* A reader that says nothing: plan B. `lines` are put behind those of the profile; may be null. */
void begin_case(const char *lines);
/* The reader says that it takes long commands: plan C. */
void reader_says(uint32_t apdu_max);
/* Ends it: no fault was told that the case has not taken, the card was powered down and let go. */
void end_case(void);

/* The next check on the same reader and card: what happened before is forgotten, habits are not. */
void next_card(void);
int32_t open_card(void);
int32_t read_it(void);
int32_t verify_it(const char *digits);
int32_t sign_it(void);
/* All of it, which must succeed: the certificate is the card's, one PIN was sent, three tries are left. */
void whole_check(void);
/* The commands said since begin_case or next_card, their first bytes in hex, must be these, up to null. */
void expect_commands(const char *const *heads);
bool was_said(const char *head);

#endif
