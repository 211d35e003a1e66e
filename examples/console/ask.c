#include "ask.h"

enum { SLICE_MS = 100 };

bool question_is_seen(const struct run *r) {
    return platform_is_terminal(r->screen.out.stream);
}

bool question_begin(struct question *q, struct run *r, int fd, size_t cap) {
    *q = (struct question){.run = r, .cap = cap};
    q->in = fd >= 0 ? input_descriptor(fd) : input_terminal();
    q->line = platform_secret_new(cap);
    return q->in != NULL && q->line != NULL;
}

void question_end(struct question *q) {
    platform_secret_free((void **)&q->line, q->cap);
    input_free(&q->in);
}

void question_wipe(struct question *q) {
    platform_wipe(q->line, q->cap);
    q->len = 0;
}

enum input_state question_line(struct question *q, const char *prompt, bool hidden) {
    enum input_state state = INPUT_WAITING;
    question_wipe(q);
    if (!input_begin(q->in, prompt, hidden)) {
        return INPUT_CLOSED;
    }
    while (state == INPUT_WAITING && !run_disturbed(q->run)) {
        state = input_poll(q->in, q->line, q->cap, &q->len, SLICE_MS);
    }
    input_end(q->in);
    return state;
}
