/* What the plugin lends, with HTTP that follows a script: what is asked, and what is answered. */
#ifndef FAKE_ORCA_SCRIPT_H
#define FAKE_ORCA_SCRIPT_H

#include "fault.h"
#include "shikaku/adapter.h"

#define ORCA_STEPS_MAX 24

struct orca_step {
    const char *wants; /* that URL and body, one after the other, must hold */
    int32_t rc, status;
    const char *body;
};

struct orca_script {
    shk_services table;
    struct orca_step steps[ORCA_STEPS_MAX];
    size_t steps_n, at;
    char asked[ORCA_STEPS_MAX][4096]; /* URL, a blank, body */
    char notes[512];                  /* each with a semicolon */
    char url[256], user[64], password[64];
    int32_t plain, note_rc, stops;
    int64_t now_ms;
    int opened, closed, lent;
    int32_t pauses;
    struct fault why;
    char logged[256];
};

void orca_script_init(struct orca_script *s);
/* The next request and its answer, status 200. */
void orca_script_expect(struct orca_script *s, const char *wants, const char *body);
/* The next request ends with rc, or with a status that says everything. */
void orca_script_expect_end(struct orca_script *s, const char *wants, int32_t rc, int32_t status);
/* Every step was taken, and what was lent was given back. */
void orca_script_done(const struct orca_script *s);

#endif
