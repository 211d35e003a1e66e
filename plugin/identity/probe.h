/* What a reader can do with the card that lies on it, found out by trying. No PIN is asked for or sent, and
 * nothing of the person is read. */
#ifndef IDENTITY_PROBE_H
#define IDENTITY_PROBE_H

#include "identity.h"
#include "log.h"

enum trial {
    TRIAL_NONE,    /* not tried, or not told apart */
    TRIAL_WORKS,   /* the answer was whole */
    TRIAL_REFUSED, /* a status word of the card, or less than was asked for */
    TRIAL_BROKE    /* the reader or its driver failed */
};

struct probe {
    struct reader_traits traits;
    bool waited;      /* another program was at the card */
    bool application; /* the application of the certificates is there */
    int32_t kind;     /* SHK_CARD_, by the label of the application */
    enum trial extended, short_ids;
    bool certificate_known, certificate; /* whether one for 利用者証明 is there, as the card says */
    int32_t apdu_us;                     /* median of the short commands; -1: not measured */
    int32_t apdus;
};

/* Opens the card on the reader, tries and measures, powers it down. A card without the application gets
 * that one SELECT and nothing more: SHK_E_NOT_MYNUMBER. *out holds what was found up to a fault. rules: what
 * is switched off is not tried; null: everything is. */
int32_t probe_reader(const struct env *env, struct log *log, const struct identity_rules *rules,
                     const char *reader, struct probe *out, struct fault *why);

#endif
