/* A clipboard that other programs write on when the test says so. */
#ifndef FAKE_CLIPBOARD_FAKE_H
#define FAKE_CLIPBOARD_FAKE_H

#include "clock_fake.h"
#include "env.h"

#define CLIPBOARD_FAKE_MAX 16

struct clipboard_fake_step {
    int32_t after_ms; /* after the one before, as waiting counts it */
    int32_t code;     /* what wait gives: SHK_OK with the text, else this fault */
    struct bytes text;
};

/* All zero is an empty clipboard. With a clock no real time passes, and a wait ends when the steps are
 * used up; without one it is for threads. */
struct clipboard_fake {
    struct clock_fake *clock;
    int32_t open_code; /* the fault of open */
    struct clipboard_fake_step step[CLIPBOARD_FAKE_MAX];
    size_t steps_n, next;
    uint64_t number, given; /* of the content, and of the text that wait gave last; 0 is none */
    bool is_empty;
    int32_t opens, closes, clears; /* clears that emptied it */
    struct mutex *lock;
};

extern const struct clipboard_ops clipboard_fake_ops; /* self: struct clipboard_fake */

bool clipboard_fake_init(struct clipboard_fake *c, struct clock_fake *clock);
void clipboard_fake_clear(struct clipboard_fake *c);
/* Another program copies this text, after_ms after what was said before. [any thread] */
void clipboard_fake_say(struct clipboard_fake *c, int32_t after_ms, const char *text);
/* wait will end with this fault; nothing is copied. */
void clipboard_fake_fail(struct clipboard_fake *c, int32_t after_ms, int32_t code);
/* Another program changes the content and nobody is told. */
void clipboard_fake_touch(struct clipboard_fake *c);

#endif
