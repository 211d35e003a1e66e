/* The check of the torture, through the plugin's exports alone as a host calls them. */
#ifndef FUZZ_TORTURE_CHECK_H
#define FUZZ_TORTURE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

struct verdict {
    int32_t code;  /* what an export returned or the job ended with; SHK_OK: a whole success */
    bool answered; /* the answer was shown: it is in the store, or delivered */
    bool stuck;    /* no end came */
    const char *at;
};

/* Opens, checks the demo card, delivers, closes. Calls may fail meanwhile. */
void check_person(const char *config, struct verdict *out);
/* The same, after what waits in the outbox was delivered (that verdict in *waited); then the history is verified. Ends
 * with the first fault. No call fails. */
void check_again(const char *config, struct verdict *waited, struct verdict *out);

#endif
