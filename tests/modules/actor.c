/* Does what the setting "do" says, most of it badly. */
#include "parts.h"

#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>

/* What hangs does so until it is told to go on. */
extern SHK_MODULE atomic_bool actor_go_on;
extern SHK_MODULE atomic_int actor_hung;
atomic_bool actor_go_on;
atomic_int actor_hung;

static void pause_ms(long ms) {
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    (void)nanosleep(&pause, NULL);
}

static int is(const shk_host *h, const char *what) {
    return strcmp(h->what, what) == 0;
}

static void hang(const shk_host *h, const char *where) {
    if (!is(h, where)) {
        return;
    }
    (void)atomic_fetch_add(&actor_hung, 1);
    while (!atomic_load(&actor_go_on)) {
        pause_ms(10);
    }
    (void)atomic_fetch_sub(&actor_hung, 1);
}

static int32_t SHK_CALL actor_open(const shk_services *sv, const shk_setting *settings, uint32_t n,
                                   shk_host **out) {
    int32_t rc = parts_open(sv, settings, n, out);
    if (rc == SHK_OK && is(*out, "open:null")) {
        parts_close(out);
        return SHK_OK;
    }
    if (rc == SHK_OK) {
        hang(*out, "open:hang");
    }
    return rc;
}

/* The document is there, and yet it says that it failed. */
static int32_t fail_late(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    int32_t rc = parts_deliver(h, d, receipt);
    return rc == SHK_OK ? h->sv->fail(h->sv->self, SHK_E_HOST_REFUSED, 42, "late") : rc;
}

static int32_t garbage(shk_receipt *receipt) {
    memset(receipt, 0xEE, sizeof *receipt);
    return 0x7EEEEEEE;
}

static int32_t wild_receipt(shk_receipt *receipt) {
    memset(receipt, 'x', sizeof *receipt);
    return SHK_OK;
}

/* What belongs to the thread, and what belongs to the whole process. */
static int32_t disturb(void) {
    sigset_t all;
    sigfillset(&all);
    fesetround(FE_UPWARD);
    feraiseexcept(FE_DIVBYZERO);
    (void)pthread_sigmask(SIG_UNBLOCK, &all, NULL);
    (void)setlocale(LC_ALL, "tr_TR.UTF-8");
    (void)setlocale(LC_ALL, "C.UTF-8");
    (void)umask(0);
    return SHK_OK;
}

static pthread_t own;
static int own_runs;

static void *work_later(void *arg) {
    shk_host *h = arg;
    const uint8_t x = 'x';
    pause_ms(200);
    int32_t rc = h->sv->put_file(h->sv->self, h->path, &x, 1, 0);
    return rc == SHK_E_CANCELLED ? NULL : h;
}

static int32_t start_own(shk_host *h) {
    own_runs = pthread_create(&own, NULL, work_later, h) == 0;
    return SHK_OK;
}

static int32_t SHK_CALL actor_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    hang(h, "deliver:hang");
    if (is(h, "deliver:late")) {
        return fail_late(h, d, receipt);
    }
    if (is(h, "deliver:garbage")) {
        return garbage(receipt);
    }
    if (is(h, "deliver:receipt")) {
        return wild_receipt(receipt);
    }
    if (is(h, "deliver:disturb")) {
        return disturb();
    }
    return is(h, "deliver:thread") ? start_own(h) : parts_deliver(h, d, receipt);
}

static void SHK_CALL actor_close(shk_host **h) {
    hang(*h, "close:hang");
    if (own_runs) {
        (void)pthread_join(own, NULL);
        own_runs = 0;
    }
    parts_close(h);
}

static int32_t SHK_CALL actor_find(shk_host *h, const shk_field *asked, uint32_t n,
                                   shk_patient_found found, void *who) {
    hang(h, "find:hang");
    if (is(h, "find:count")) {
        return found(who, "00001", asked, 0xFFFFFFFFu);
    }
    if (is(h, "find:null")) {
        return found(who, NULL, NULL, 0);
    }
    return parts_find(h, asked, n, found, who);
}

const shk_adapter *SHK_CALL shk_adapter_entry(uint32_t abi) {
    static const shk_adapter table = {.struct_size = sizeof table,
                                      .abi = SHK_ADAPTER_ABI,
                                      .id = "actor/1",
                                      .open = actor_open,
                                      .deliver = actor_deliver,
                                      .close = actor_close,
                                      .find_patients = actor_find};
    return abi == SHK_ADAPTER_ABI ? &table : NULL;
}
