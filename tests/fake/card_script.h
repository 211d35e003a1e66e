/* A card that replays a text:
 *
 *     # comment
 *     > 00A4040C0AD392F000260100000001      the command that must come
 *     < 9000                                its answer
 *     > 00B0000000
 *     ! CARD_REMOVED                        or the fault instead of an answer
 *
 * A wrong command, one too many and one that did not come are failures (card_script_done). */
#ifndef FAKE_CARD_SCRIPT_H
#define FAKE_CARD_SCRIPT_H

#include "env.h"

struct card_script {
    const char *next; /* of the script */
    char problem[256];
    int32_t connect_fault, begin_fault; /* SHK_E_ code, or 0 */
    uint32_t fail_at;                   /* this transmit, counted from 1, gives … */
    int32_t fail_code;                  /* … this SHK_E_ code, whatever the script says */
    uint32_t transmits, verifies, connects, begins, ends, power_downs, disconnects;
    bool connected, in_transaction;
    bool card_present; /* for list and wait; the reader is "Script" */
    uint32_t waits;
};

/* The script is borrowed. */
void card_script_init(struct card_script *s, const char *script);
/* True when every step was played and nothing went wrong; else `problem` says what. */
bool card_script_done(struct card_script *s);

extern const struct card_ops card_script_ops;

#endif
