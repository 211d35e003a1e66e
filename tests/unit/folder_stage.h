/* The folder route over files in memory, with a terminal that a case scripts. */
#ifndef UNIT_FOLDER_STAGE_H
#define UNIT_FOLDER_STAGE_H

#include "clock_fake.h"
#include "files_fake.h"
#include "lookup.h"

#define STAGE_REQ   "/t/req"
#define STAGE_RES   "/t/res"
#define STAGE_STATE "/s/state"
/* The clock of the fakes is at 19:00 of this day in Japan. */
#define STAGE_DAY "20261122"

struct folder_stage {
    struct files_fake files;
    struct clock_fake clock;
    struct env env;
    struct folder_settings settings;
    struct lookup_route route;
    struct card_data person;
    struct question q;
    struct bytes answer;
    struct fault why;
    uint8_t random; /* the next byte that is drawn */

    /* The terminal: takes each request and lays this under the result's name. */
    bool takes;
    const char *ending;   /* of what it lays; null: nothing */
    const char *document; /* "" for what fits the question */
    bool unread;          /* what comes is not used */
    char last[64];        /* identifier of the last request */
    int32_t taken;
    int32_t stops, stop_after; /* asked so often; says yes after so many; 0: never */
    int64_t stop_seen_ms, stop_gap_ms;
};

int folder_stage_set_up(void **state);
int folder_stage_tear_down(void **state);
int32_t folder_stage_ask(struct folder_stage *s);
/* Closes the route and opens another one over the same files, as a new start of the program. */
void folder_stage_restart(struct folder_stage *s);
/* An answer to the stage's question; `file_identifier` null leaves that and the echo out. */
const char *folder_stage_document(const struct folder_stage *s, const char *file_identifier,
                                  const char *number);
/* "/t/req/OQSsiquc01req_<day><number>.xml" and the like. */
const char *folder_stage_path(const char *middle, int number, const char *ending);

#endif
