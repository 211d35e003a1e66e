#include "bytes.h"
#include "pcsc_parts.h"
#include "platform.h"

#define STEP_MS 20

/* The line is gone for us, with all that was reached through it. */
uint32_t pcsc_check(struct transport *t, uint32_t rv, const char *reader, int32_t code) {
    if (rv != PCSC_LATE) {
        return rv;
    }
    size_t i = 0;
    while (i < LEFT_MAX && !pcsc_line_over(&t->left[i].line, 0)) {
        i++;
    }
    if (i < LEFT_MAX) {
        t->left[i].line = t->line;
        t->left[i].code = code;
        text_copy(t->left[i].reader, sizeof t->left[i].reader, reader);
    } else {
        pcsc_line_abandon(&t->line);
    }
    t->line = NULL;
    t->connected = t->in_transaction = false;
    return rv;
}

/* 0, or what to say of the first that keeps this reader waiting. */
static int32_t held_up(struct transport *t, const char *reader, int32_t ms) {
    for (size_t i = 0; i < LEFT_MAX; i++) {
        struct pcsc_left *l = &t->left[i];
        if (text_equal(l->reader, reader) && !pcsc_line_over(&l->line, ms)) {
            return l->code;
        }
    }
    return SHK_OK;
}

int32_t pcsc_left_over(struct transport *t, const char *reader, int32_t ms) {
    int64_t until_ms = platform_clock.mono_ms(NULL) + ms;
    for (;;) {
        int64_t left_ms = until_ms - platform_clock.mono_ms(NULL);
        int32_t code = held_up(t, reader, (int32_t)(left_ms < STEP_MS ? left_ms : STEP_MS));
        if (code == SHK_OK || left_ms <= 0) {
            return code;
        }
    }
}

void pcsc_left_abandon(struct transport *t) {
    for (size_t i = 0; i < LEFT_MAX; i++) {
        pcsc_line_abandon(&t->left[i].line);
    }
}
