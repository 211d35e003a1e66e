#include "card_script.h"

#include <stdio.h>
#include <string.h>

#include "bytes.h"

#define COMMAND_MAX 600

static void problem(struct card_script *s, const char *what) {
    if (s->problem[0] == '\0') {
        (void)snprintf(s->problem, sizeof s->problem, "transmit %u: %s", (unsigned)s->transmits,
                       what);
    }
}

void card_script_init(struct card_script *s, const char *script) {
    *s = (struct card_script){.next = script, .card_present = true};
}

/* The next line that holds a step, without moving past it; null at the end. */
static const char *step(struct card_script *s) {
    for (;;) {
        while (char_is_space(*s->next)) {
            s->next++;
        }
        if (*s->next != '#') {
            return *s->next != '\0' ? s->next : NULL;
        }
        s->next += strcspn(s->next, "\n");
    }
}

static int digit(char c) {
    static const char upper[] = "0123456789ABCDEF", lower[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(upper, c) : NULL;
    if (at != NULL) {
        return (int)(at - upper);
    }
    at = c != '\0' ? strchr(lower, c) : NULL;
    return at != NULL ? (int)(at - lower) : -1;
}

/* The hex digits of the rest of the line. */
static size_t take_hex(struct card_script *s, uint8_t *out, size_t cap) {
    size_t n = 0;
    s->next++;
    for (; *s->next != '\0' && *s->next != '\n'; s->next++) {
        if (char_is_space(*s->next)) {
            continue;
        }
        int high = digit(s->next[0]), low = high < 0 ? -1 : digit(s->next[1]);
        if (low < 0 || n == cap) {
            problem(s, "the script is not hex");
            return 0;
        }
        out[n++] = (uint8_t)(high * 16 + low);
        s->next++;
    }
    return n;
}

static int32_t take_fault(struct card_script *s, struct fault *why) {
    s->next++;
    s->next += strspn(s->next, " ");
    size_t n = strcspn(s->next, " \r\n");
    for (size_t i = 0; i < fault_count(); i++) {
        const struct fault_row *row = fault_at(i);
        if (text_equal_n(row->name, s->next, n)) {
            s->next += n;
            return fault_set(why, row->code, SHK_NATIVE_PCSC, -1, NULL);
        }
    }
    problem(s, "the script names an unknown fault");
    return fault_raise(why, SHK_E_INTERNAL);
}

static bool expected(struct card_script *s, const uint8_t *tx, size_t tx_len) {
    uint8_t want[COMMAND_MAX];
    const char *at = step(s);
    if (at == NULL || *at != '>') {
        problem(s, "a command too many");
        return false;
    }
    size_t n = take_hex(s, want, sizeof want);
    if (n != tx_len || memcmp(want, tx, n) != 0) {
        problem(s, "another command was expected");
        return false;
    }
    return true;
}

static int32_t transmit(void *self, const uint8_t *tx, size_t tx_len, uint8_t *rx, size_t *rx_len,
                        struct fault *why) {
    struct card_script *s = self;
    size_t room = *rx_len;
    *rx_len = 0;
    s->transmits++;
    s->verifies += tx_len > 5 && tx[1] == 0x20;
    if (!s->in_transaction) {
        problem(s, "outside of a transaction");
    }
    if (!expected(s, tx, tx_len)) {
        return fault_raise(why, SHK_E_INTERNAL);
    }
    if (s->transmits == s->fail_at) {
        return fault_set(why, s->fail_code, SHK_NATIVE_PCSC, -1, NULL);
    }
    const char *at = step(s);
    if (at != NULL && *at == '!') {
        return take_fault(s, why);
    }
    if (at == NULL || *at != '<') {
        problem(s, "the script has no answer");
        return fault_raise(why, SHK_E_INTERNAL);
    }
    *rx_len = take_hex(s, rx, room);
    return SHK_OK;
}

bool card_script_done(struct card_script *s) {
    if (step(s) != NULL) {
        problem(s, "the script has steps left");
    }
    if (s->connected || s->in_transaction) {
        problem(s, "the card was not let go");
    }
    return s->problem[0] == '\0';
}

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    const struct card_script *s = self;
    (void)why;
    memset(out, 0, sizeof *out);
    out->n = 1;
    text_copy(out->at[0].name, sizeof out->at[0].name, "Script");
    out->at[0].card_present = s->card_present;
    return SHK_OK;
}

static int32_t wait_change(void *self, struct reader_list *seen, int32_t ms, struct fault *why) {
    struct card_script *s = self;
    (void)ms;
    bool before = seen->n == 1 && seen->at[0].card_present, known = seen->n == 1;
    s->waits++;
    (void)list(self, seen, why);
    return known && before == s->card_present ? SHK_E_TIMEOUT : SHK_OK;
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    struct card_script *s = self;
    (void)reader;
    s->connects++;
    if (s->connect_fault != 0) {
        return fault_set(why, s->connect_fault, SHK_NATIVE_PCSC, -1, NULL);
    }
    s->connected = true;
    return SHK_OK;
}

static int32_t begin(void *self, bool *waited, struct fault *why) {
    *waited = false;
    struct card_script *s = self;
    s->begins++;
    if (s->begin_fault != 0) {
        return fault_set(why, s->begin_fault, SHK_NATIVE_PCSC, -1, NULL);
    }
    s->in_transaction = true;
    return SHK_OK;
}

static void end(void *self, bool power_down) {
    struct card_script *s = self;
    s->ends++;
    s->power_downs += power_down && s->in_transaction;
    s->in_transaction = false;
}

static void disconnect(void *self) {
    struct card_script *s = self;
    s->disconnects += s->connected;
    s->connected = false;
}

static int32_t traits(void *self, struct reader_traits *out, struct fault *why) {
    (void)self, (void)why;
    *out = (struct reader_traits){0};
    return SHK_OK;
}

static int32_t pad_verify(void *self, const struct pad_question *ask, uint16_t *sw,
                          struct fault *why) {
    (void)self, (void)ask;
    *sw = 0;
    return fault_raise(why, SHK_E_READER);
}

const struct card_ops card_script_ops = {list, wait_change, connect_card, begin,      transmit,
                                         end,  disconnect,  traits,       pad_verify, NULL};
