/* One host that calls the exports as an input says, and judges each answer. */
#ifndef FUZZ_HOST_CALLS_H
#define FUZZ_HOST_CALLS_H

#include "fuzz.h"
#include "shikaku/shikaku.h"

#define HOST_SESSIONS 2

struct host_session {
    shk_session s; /* stays here when it was closed */
    bool open, running;
    bool watches; /* a job with an end for each card */
    bool unsure;  /* perhaps the end of an earlier job was thrown away */
    bool plain;   /* texts are UTF-8 */
};

struct host {
    struct fuzz_input in;
    const char *folder; /* with "shikaku.lua"; everything that is written lies in it */
    shk_session other;  /* of another host, which must expect anything then; 0: none */
    bool cp932;         /* as the configuration says */
    bool touched;       /* another host may close these sessions */
    int32_t wake;       /* a descriptor */
    struct host_session at[HOST_SESSIONS];
};

/* The call that the input says next. */
void host_call(struct host *h);
/* Ends every job and closes every session: one end for each start, and nothing after it. */
void host_end(struct host *h);

#endif
