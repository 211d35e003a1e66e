/* Waiting for what the terminal lays into res. */
#ifndef LOOKUP_FOLDER_WAIT_H
#define LOOKUP_FOLDER_WAIT_H

#include "folder_answer.h"

/* A file that has been the same for this many times stable_ms and still is no whole message never
 * becomes one. */
#define FOLDER_BROKEN_AFTER 20
/* In milliseconds; within one call, whose patient would else be waited for without an end. */
int64_t folder_broken_after(const struct terminal *t);

struct folder_wait {
    struct terminal *t;
    const struct turn *turn;
    const struct posted *posted;
    void *notice;      /* of res; null: none, only looks */
    int64_t listed_ms; /* the last look for names in another case */
    bool listing;      /* this look lists the folder */
    bool gone;         /* res is not there now */
};

void folder_wait_begin(struct folder_wait *w, struct terminal *t, const struct turn *turn,
                       const struct posted *posted);
void folder_wait_end(struct folder_wait *w);
/* Waits for a change, at most ms or until the next look is due. SHK_E_CANCELLED,
 * SHK_E_TERMINAL_TIMEOUT with "req" or "res" in `where`, SHK_E_TERMINAL_FOLDER when the folder did not
 * come back. */
int32_t folder_wait_pause(struct folder_wait *w, int64_t ms, struct fault *why);
/* The path of our result with that ending, in whatever case it is written; `path` holds what an earlier
 * look found, or "". False: not there. */
bool folder_wait_find(struct folder_wait *w, const char *ending, char path[FOLDER_PATH_ROOM]);
/* Once for each look, before the finding: whether the folder is there. */
bool folder_wait_look(struct folder_wait *w);
/* The request was rejected. The reason's text is nobody's business: only its size is logged. */
bool folder_wait_refused(struct folder_wait *w);

/* Waits for a result of ordinary size that is ours. SHK_E_ANSWER_FOREIGN, SHK_E_TERMINAL_REFUSED, what
 * is wrong with it when it stays broken, and those of folder_wait_pause. On SHK_OK and after every
 * fault that a further wait cannot heal *settled is true: the request is over. */
int32_t folder_await(struct terminal *t, const struct turn *turn, const struct posted *posted,
                     const struct folder_expected *expected, struct bytes *xml,
                     struct oqs_message *message, bool *settled, struct fault *why);
/* Deletes a used answer's file, where that is configured; any other one stays. */
void folder_settle(struct terminal *t, bool used);

#endif
