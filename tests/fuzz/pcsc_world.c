#include "pcsc_world.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "library.h"
#include "pcsc_table.h"
#include "text.h"
#include "thread.h"
#include "wrap.h"

#define UNPOWER  2 /* SCARD_UNPOWER_CARD */
#define SLOW     200
#define SLOW_MS  400
#define BEGIN_MS 1000000

static _Atomic int64_t now_ms; /* passes where the product sleeps, and at slow calls */

static const uint32_t errors[] = {
    PCSC_COMM_ERROR,          PCSC_REMOVED_CARD,   PCSC_RESET_CARD,
    PCSC_SHARING_VIOLATION,   PCSC_NO_SERVICE,     PCSC_INVALID_HANDLE,
    PCSC_UNKNOWN_READER,      PCSC_TIMEOUT,        PCSC_NO_SMARTCARD,
    PCSC_NOT_TRANSACTED,      PCSC_UNPOWERED_CARD, PCSC_SERVICE_STOPPED,
    PCSC_NO_READERS,          PCSC_CANCELLED,      PCSC_INSUFFICIENT_BUFFER,
    PCSC_UNEXPECTED,          PCSC_NO_MEMORY,      PCSC_READER_UNAVAILABLE,
    PCSC_UNRESPONSIVE_CARD,   PCSC_INTERNAL,       PCSC_SERVER_TOO_BUSY,
    PCSC_UNSUPPORTED_FEATURE, 0xDEADBEEFu,
};

static uint32_t result(struct pcsc_world *w) {
    uint8_t said = fuzz_byte(&w->results);
    now_ms += said > SLOW ? SLOW_MS : 0;
    uint32_t rv = said == 0 || said > SLOW
                      ? PCSC_OK
                      : errors[(said - 1u) % (sizeof errors / sizeof errors[0])];
    rv = wrap_fails(WRAP_PCSC) ? PCSC_COMM_ERROR : rv;
    w->failed = w->failed || rv != PCSC_OK;
    return rv;
}

static void leave(struct pcsc_world *w, unsigned long how) {
    w->powered = w->powered && how != UNPOWER;
    w->begun = false;
}

/* A command outside a transaction may reach a card that another program uses. */
static void note_use(struct pcsc_world *w) {
    fuzz_must(w->card && w->begun, "a card is used outside a transaction");
    w->powered = true;
    w->transmits++;
}

static void note_good(struct pcsc_world *w, const char *call, unsigned long argument) {
    if (text_equal(call, "SCardEstablishContext")) {
        w->contexts++;
    } else if (text_equal(call, "SCardConnect")) {
        w->card = true;
    } else if (text_equal(call, "SCardBeginTransaction")) {
        w->begun = true;
    } else if (text_equal(call, "SCardEndTransaction")) {
        leave(w, argument);
    }
}

/* These are over whatever they answer. */
static void note_any(struct pcsc_world *w, const char *call, unsigned long argument) {
    if (text_equal(call, "SCardTransmit")) {
        note_use(w);
    } else if (text_equal(call, "SCardControl")) {
        fuzz_must(w->card, "a reader is asked without a card");
        w->controls++;
    } else if (text_equal(call, "SCardDisconnect")) {
        leave(w, argument);
        w->card = false;
    } else if (text_equal(call, "SCardReleaseContext")) {
        w->contexts--;
        w->releases++;
        w->card = w->begun = w->powered = false;
    }
}

/* On the product's thread, while the one that asked waits for it. */
static uint32_t hook(void *self, const char *call, unsigned long argument) {
    struct pcsc_world *w = self;
    note_any(w, call, argument);
    uint32_t rv = result(w);
    if (rv == PCSC_OK) {
        note_good(w, call, argument);
    }
    return rv;
}

static void put_readers(struct card_pcsc *library, struct fuzz_input *in) {
    static const char *const names[] = {"Virtual PCD 00 00", "リーダー 00 01", "\xFF\xFE odd",
                                        "Virtual PCD 00 03"};
    uint8_t bits = fuzz_byte(in), flags = fuzz_byte(in);
    for (size_t i = 0; i < (bits & 7) && i < 4; i++) {
        library->readers[i] = names[i];
        library->present[i] = (bits >> (3 + i) & 1) != 0;
        library->events[i] = (uint16_t)i;
    }
    library->in_use = (flags & 1) != 0;
    library->no_pnp = (flags & 2) != 0;
    library->pnp_changed = (flags & 4) != 0;
    library->atr_empty = (flags & 8) != 0;
    library->extra_state = (uint32_t)(flags & 0xF0) << 4 | (flags >> 4 & 1);
}

static size_t put_bytes(struct fuzz_input *in, uint8_t *to, size_t room) {
    size_t n = fuzz_byte(in);
    struct fuzz_input part = fuzz_bytes(in, n < room ? n : room);
    if (part.n > 0) {
        memcpy(to, part.p, part.n);
    }
    return part.n;
}

static void put_answers(struct card_pcsc *library, struct fuzz_input *in) {
    static const uint32_t controls[] = {0x42000D48, 0x42330012, 0x42330006, 0};
    static const uint32_t attributes[] = {PCSC_ATTRIBUTE_VENDOR, PCSC_ATTRIBUTE_ATR,
                                          PCSC_ATTRIBUTE_VERSION, 0};
    library->reply_len = put_bytes(in, library->reply, sizeof library->reply);
    library->atr_says = fuzz_byte(in);
    (void)put_bytes(in, library->atr, sizeof library->atr);
    for (size_t i = 0; i < 3; i++) {
        library->control[i].code = controls[i];
        library->control[i].reply_len = put_bytes(in, library->control[i].reply, 256);
        library->attribute[i].code = attributes[i];
        library->attribute[i].reply_len = put_bytes(in, library->attribute[i].reply, 256);
        library->attribute[i].says = (size_t)fuzz_byte(in) * 4;
    }
}

static struct card_pcsc *load(const char *path) {
    static struct card_pcsc *library;
    if (library == NULL) {
        void *module = library_open(path);
        fuzz_must(module != NULL, "the PC/SC library of tests");
        library_find(module, CARD_PCSC_SYMBOL, &library);
    }
    return library;
}

void pcsc_world_begin(struct pcsc_world *w, const char *path, struct fuzz_input *in) {
    *w = (struct pcsc_world){.library = load(path)};
    now_ms = BEGIN_MS;
    memset(w->library, 0, sizeof *w->library);
    put_readers(w->library, in);
    put_answers(w->library, in);
    w->results = fuzz_bytes(in, fuzz_byte(in));
    w->library->hook = hook;
    w->library->self = w;
}

/* NOLINTBEGIN(bugprone-reserved-identifier): the linker's names */
int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);
void __wrap_thread_sleep(int32_t ms);
bool __real_condition_wait(struct condition *c, struct mutex *m, int32_t ms);
bool __wrap_condition_wait(struct condition *c, struct mutex *m, int32_t ms);

int __wrap_clock_gettime(clockid_t clock, struct timespec *out) {
    if (clock != CLOCK_MONOTONIC) {
        return __real_clock_gettime(clock, out);
    }
    int64_t now = now_ms;
    out->tv_sec = now / 1000;
    out->tv_nsec = now % 1000 * 1000000;
    return 0;
}

void __wrap_thread_sleep(int32_t ms) {
    now_ms += ms > 0 ? ms : 0;
}

/* Every answer comes, however slow the machine is. */
bool __wrap_condition_wait(struct condition *c, struct mutex *m, int32_t ms) {
    return __real_condition_wait(c, m, ms > 0 ? -1 : ms);
}
/* NOLINTEND(bugprone-reserved-identifier) */
