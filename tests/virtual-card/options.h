/* The command line of virtual-card. */
#ifndef VIRTUAL_CARD_OPTIONS_H
#define VIRTUAL_CARD_OPTIONS_H

#include "virtual_card.h"

/* Strings are borrowed from argv. */
struct options {
    const char *profile, *host, *port, *state, *trace, *control, *forbidden_marker;
    int wait_s;
    uint32_t remove_at, reinsert_ms;
    int has_remove_at, has_reinsert, allow_signature, absent;
};

enum { OPTIONS_OK = 0, OPTIONS_HELP = 1, OPTIONS_BAD = 2 };

/* Prints the help or the complaint itself. */
int options_read(struct options *o, int argc, char **argv);

/* What the command line says beats what the profile says. 0, or -1 with `why`. */
int options_apply(const struct options *o, struct vcard *card, char *why, size_t why_cap);

#endif
