/* The My Number Card's identity over the virtual card: what its tests begin and end with. */
#ifndef FAKE_CARD_CASE_H
#define FAKE_CARD_CASE_H

#include "card_virtual.h"
#include "identity.h"

extern const char *case_profile; /* from the environment: CARD_PROFILE */
extern int64_t wall_now;         /* inside the certificate's dates */
extern struct card_virtual reader;
extern struct identity_source source;
extern struct identity id;
extern struct fault why;
extern struct bytes signature;
extern struct identity_rules rules; /* taken by start */
extern struct habits *habits;       /* null until a test makes them */
extern const uint8_t digest[32];
extern const struct clock_ops fixed_clock;

/* Before the first case; false: there is no profile. */
bool case_set_up(void);
void start(void);
void start_with(const char *profile);
int32_t read_card(void);
/* Signs and sees to it that no path leaves the PIN behind. */
int32_t sign(const char *digits, bool spend_last_try);
/* Finishes, and sees to it that the card was powered down and let go. */
void stop(void);
bool all_zero(const void *p, size_t n);

#endif
