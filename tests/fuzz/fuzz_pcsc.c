/* What a PC/SC library, its driver and a reader with keys can answer. */
#include <string.h>

#include "card_judge.h"
#include "pcsc_transport.h"
#include "pcsc_world.h"
#include "text.h"

static const struct card_ops *const ops = &pcsc_transport;
static const char *const names[] = {"Virtual PCD 00 00", "リーダー 00 01", "Virtual PCD 00 03"};

static void check_list(const struct reader_list *list) {
    fuzz_must(list->n <= READER_LIST_MAX, "more readers than there is room for");
    for (size_t i = 0; i < list->n; i++) {
        const struct reader_state *r = &list->at[i];
        size_t len = strnlen(r->name, READER_NAME_MAX);
        fuzz_must(len < READER_NAME_MAX && utf8_valid(r->name, len), "the name of a reader");
        fuzz_must(r->atr_len <= ATR_MAX && (r->card_present || r->atr_len == 0), "an ATR");
    }
}

static void list_readers(void *t, struct pcsc_world *w) {
    struct reader_list list;
    struct fault why = {0};
    int32_t rc = ops->list(t, &list, &why);
    judge_fault(rc, &why);
    check_list(&list);
    fuzz_must(rc == SHK_OK || w->failed || fuzz_failed(), "readers that were not listed");
    fault_clear(&why);
    rc = ops->wait(t, &list, 700, &why);
    fuzz_must(rc == SHK_E_TIMEOUT || rc == why.code, "the fault of a wait");
    check_list(&list);
}

static void open_card(void *t, struct pcsc_world *w, const char *reader) {
    struct fault why = {0};
    bool waited = false;
    int32_t rc = ops->connect(t, reader, &why);
    judge_fault(rc, &why);
    if (rc != SHK_OK) {
        return;
    }
    fuzz_must(w->card, "connected to nothing");
    rc = ops->begin(t, &waited, &why);
    judge_fault(rc, &why);
    fuzz_must((rc == SHK_OK) == w->begun || fuzz_failed(), "the state of the transaction");
}

/* One command, one SCardTransmit, whatever comes of it; and the digits are nowhere any more. */
static void send_verify(void *t, struct pcsc_world *w) {
    static const uint8_t tx[] = {0, 0x20, 0, 0x80, 4, '9', '8', '7', '6'};
    uint8_t rx[300];
    size_t n = sizeof rx;
    struct fault why = {0};
    w->transmits = 0;
    w->library->sent_at = NULL;
    int32_t rc = ops->transmit(t, tx, sizeof tx, rx, &n, &why);
    judge_fault(rc, &why);
    fuzz_must(w->transmits <= 1, "a command was sent twice");
    fuzz_must(rc == SHK_OK ? n >= 2 && n <= sizeof rx : n == 0, "the length of an answer");
    fuzz_must(rc != SHK_OK || (n == w->library->reply_len && memcmp(rx, w->library->reply, n) == 0),
              "another answer than the card's");
    bool wiped = w->library->sent_at == NULL || judge_all_zero(w->library->sent_at, sizeof tx);
    fuzz_must(wiped, "the digits are still there");
}

static void ask_keys(void *t, struct pcsc_world *w) {
    static const struct pad_question ask = {{0x00, 0x20, 0x00, 0x80}, 4, 4, 30};
    struct reader_traits traits;
    struct fault why = {0};
    uint16_t sw = 0;
    judge_fault(ops->traits(t, &traits, &why), &why);
    fuzz_must(traits.atr_len <= ATR_MAX, "an ATR");
    fuzz_must(utf8_valid(traits.vendor, strlen(traits.vendor)), "the name of a maker");
    w->controls = 0;
    fault_clear(&why);
    int32_t rc = ops->pad_verify(t, &ask, &sw, &why);
    judge_fault(rc, &why);
    fuzz_must(w->controls <= 1, "the keys were asked for twice");
    fuzz_must(rc != SHK_OK || w->controls == 1, "an answer of keys that were not asked");
}

static void step(void *t, struct pcsc_world *w, uint8_t what) {
    switch (what % 8) {
    case 0:
        list_readers(t, w);
        break;
    case 1:
    case 2:
        open_card(t, w, names[what / 8 % 3]);
        break;
    case 3:
    case 4:
        send_verify(t, w);
        break;
    case 5:
        ask_keys(t, w);
        break;
    case 6:
        ops->end(t, (what & 8) != 0);
        w->powered = w->powered && (what & 8) != 0;
        break;
    default:
        if ((what & 8) != 0) {
            ops->let_go(t);
            list_readers(t, w); /* waits: this side and the other read one input */
        } else {
            ops->disconnect(t);
        }
        break;
    }
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    struct pcsc_world w;
    void *t = NULL;
    fuzz_faults(false);
    pcsc_world_begin(&w, PCSC_LIBRARY, &in);
    fuzz_faults(true);
    if (pcsc_transport_new(PCSC_LIBRARY, &t) != SHK_OK) {
        return;
    }
    for (int i = 0; i < 24 && in.n > 0; i++) {
        step(t, &w, fuzz_byte(&in));
    }
    ops->end(t, true);
    ops->disconnect(t);
    fuzz_must(!w.powered || w.failed || fuzz_failed(), "a card is left with the power on");
    pcsc_transport_free(&t);
    /* dlsym may have failed to find what gives back. */
    bool cannot = fuzz_failed() && w.releases == 0;
    fuzz_must(cannot || (w.contexts == 0 && !w.card), "something of PC/SC is still held");
}
