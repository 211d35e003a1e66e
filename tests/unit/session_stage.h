/* One session at a desk of its own, for the tests of sessions. */
#ifndef UNIT_SESSION_STAGE_H
#define UNIT_SESSION_STAGE_H

#include "desk.h"
#include "values.h"

#define PIN "1234"

/* For an event that comes for certain, however busy the machine is. */
#define STAGE_PATIENCE_MS 60000

/* A close is over within two seconds; what it is seen to take is more where the machine is busy,
 * and still less than its limit twice. */
#define STAGE_CLOSE_MS (2 * CLOSE_LIMIT_MS - 100)
_Static_assert(CLOSE_LIMIT_MS < 2000, "a close within two seconds");

struct stage {
    struct desk desk;
    struct session *session; /* null when the test has closed it */
    bool card_was_free;      /* for a test to note */
};

/* For cmocka, around each case. */
int stage_open(void **state);
int stage_close(void **state);
#define STAGE_CASE(name) cmocka_unit_test_setup_teardown(name, stage_open, stage_close)

int32_t stage_next(struct stage *f);
void stage_expect(struct stage *f, int32_t event);
/* "(none)" and the code as the number when there is no value. */
struct reading stage_read(struct stage *f, const char *path);
int32_t stage_number(struct stage *f, const char *path);
void stage_to_the_pin(struct stage *f);

extern const struct http_fake_step stage_challenge;
/* Time passes for real while the server waits, unless the test has set the desk's http.pass before. */
void stage_use_gateway(struct stage *f, const struct http_fake_step *steps, size_t n);

#endif
