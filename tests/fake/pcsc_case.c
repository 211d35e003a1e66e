#include "pcsc_case.h"

#include <string.h>

#include "bytes.h"
#include "library.h"
#include "pcsc_transport.h"
#include "thread.h"

struct card_pcsc *world;
void *transport;
struct fault why;
struct reader_list seen;
struct pcsc_plan plan;
struct pcsc_record record;
const char unit[] = "Virtual PCD 00 00";

static void count(const char *call, unsigned long argument) {
    record.connects += text_equal(call, "SCardConnect");
    record.reconnects += text_equal(call, "SCardReconnect");
    record.waits += text_equal(call, "SCardGetStatusChange") && argument > 0;
    record.establishes += text_equal(call, "SCardEstablishContext");
    record.releases += text_equal(call, "SCardReleaseContext");
    record.controls += text_equal(call, "SCardControl");
    record.ended_with = text_equal(call, "SCardEndTransaction") ? argument : record.ended_with;
    record.disconnected_with =
        text_equal(call, "SCardDisconnect") ? argument : record.disconnected_with;
    size_t used = strlen(record.calls);
    text_format(record.calls + used, sizeof record.calls - used, "%s ", call + strlen("SCard"));
}

static uint32_t planned(bool *hold) {
    if (plan.skip > 0) {
        plan.skip--;
        return 0;
    }
    *hold = plan.hold;
    return plan.times-- > 0 ? plan.rv : 0;
}

/* Also on the thread of a call that was left behind. */
static uint32_t hook(void *self, const char *call, unsigned long argument) {
    (void)self;
    bool hold = false;
    global_lock();
    count(call, argument);
    uint32_t rv = plan.call != NULL && text_equal(plan.call, call) ? planned(&hold) : 0;
    record.contexts += rv == 0 && text_equal(call, "SCardEstablishContext");
    global_unlock();
    plan.held += hold;
    while (hold && plan.hold) {
        thread_sleep(5);
    }
    plan.held -= hold;
    return rv;
}

static void make_plan(const char *call, uint32_t rv, int skip, int times, bool hold) {
    global_lock();
    plan.call = call;
    plan.rv = rv;
    plan.skip = skip;
    plan.times = times;
    plan.hold = hold;
    global_unlock();
}

void fail_next(const char *call, uint32_t rv, int times) {
    make_plan(call, rv, 0, times, false);
}

void hang_next(const char *call, int skip) {
    make_plan(call, 0, skip, 0, true);
}

void let_go(void) {
    plan.hold = false;
    while (plan.held > 0) {
        thread_sleep(5);
    }
}

bool released(int n) {
    for (int i = 0; i < 6000 && record.releases < n; i++) {
        thread_sleep(10);
    }
    global_lock(); /* what was counted before is seen here too */
    bool all = record.releases >= n;
    global_unlock();
    return all;
}

static void start_anew(void) {
    memset(world, 0, sizeof *world);
    memset(&record, 0, sizeof record);
    world->hook = hook;
    world->readers[0] = unit;
    world->present[0] = true;
    world->events[0] = 1;
    memcpy(world->reply, "\x01\x90\x00", 3);
    world->reply_len = 3;
}

int pcsc_case_start(void **state) {
    (void)state;
    make_plan(NULL, 0, 0, 0, false);
    global_lock();
    start_anew();
    global_unlock();
    fault_clear(&why);
    return pcsc_transport_new(PCSC_LIBRARY, &transport);
}

/* Whatever was left behind ends here, so that one case does not reach into the next. */
int pcsc_case_stop(void **state) {
    (void)state;
    let_go();
    pcsc_transport_free(&transport);
    return released(record.contexts) ? 0 : -1;
}

bool pcsc_case_open(void) {
    void *library = library_open(PCSC_LIBRARY);
    if (library != NULL) {
        library_find(library, CARD_PCSC_SYMBOL, &world);
    }
    return world != NULL;
}

int32_t open_card(void) {
    bool waited = false;
    int32_t rc = pcsc_transport.connect(transport, unit, &why);
    return rc == SHK_OK ? pcsc_transport.begin(transport, &waited, &why) : rc;
}

int32_t send_verify(void) {
    uint8_t rx[300];
    size_t n = sizeof rx;
    const uint8_t tx[] = {0, 0x20, 0, 0x80, 4, '9', '8', '7', '6'};
    return pcsc_transport.transmit(transport, tx, sizeof tx, rx, &n, &why);
}
