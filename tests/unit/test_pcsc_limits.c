#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "bytes.h"
#include "pcsc_case.h"
#include "pcsc_table.h"
#include "pcsc_transport.h"
#include "platform.h"
#include "real_env.h"
#include "thread.h"

#define LIMIT_MS   300 /* of what hangs; the rest has time enough on a busy machine */
#define LENIENT_MS 30000
#define BUSY_MS    1900 /* what a busy machine adds; less than makes SERVICE_MS of another limit */
#define SERVICE_MS 3000

static const char other[] = "Virtual PCD 00 01";
static int64_t began_ms;

static void clock_start(void) {
    began_ms = platform_clock.mono_ms(NULL);
}

static bool took(int64_t least_ms, int64_t most_ms) {
    int64_t ms = platform_clock.mono_ms(NULL) - began_ms;
    return ms >= least_ms && ms < most_ms;
}

static int start(void **state) {
    int rc = pcsc_case_start(state);
    if (rc == 0) {
        world->readers[1] = other;
        world->present[1] = true;
        pcsc_transport_limit(transport, LENIENT_MS);
    }
    return rc;
}

/* What is called next hangs, and has a short limit. */
static void hang_shortly(const char *call) {
    pcsc_transport_limit(transport, LIMIT_MS);
    hang_next(call, 0);
}

static void be_lenient(void) {
    pcsc_transport_limit(transport, LENIENT_MS);
}

static int32_t open_other(void) {
    bool waited = false;
    int32_t rc = pcsc_transport.connect(transport, other, &why);
    return rc == SHK_OK ? pcsc_transport.begin(transport, &waited, &why) : rc;
}

static bool all_zero(const uint8_t *p, size_t n) {
    uint8_t any = 0;
    for (size_t i = 0; i < n; i++) {
        any |= p[i];
    }
    return any == 0;
}

/* The driver looks at its command only after it was given up: there is no VERIFY any more. */
static void command_is_wiped_when_it_is_late(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    hang_shortly("SCardTransmit");
    clock_start();
    assert_int_equal(send_verify(), SHK_E_CARD_HANGS);
    assert_true(took(LIMIT_MS - 10, LIMIT_MS + BUSY_MS));
    assert_int_equal(why.native_kind, SHK_NATIVE_PCSC);
    assert_int_equal((uint32_t)why.native, PCSC_TIMEOUT);
    let_go();
    assert_true(released(1));
    assert_int_equal(world->sent_len, 9);
    assert_true(all_zero(world->sent, world->sent_len));
}

static void command_is_wiped_after_every_call(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(send_verify(), SHK_OK);
    assert_memory_equal(world->sent,
                        "\x00\x20\x00\x80\x04"
                        "9876",
                        9);
    assert_true(all_zero(world->sent_at, 9));
    fail_next("SCardTransmit", PCSC_NOT_TRANSACTED, 1);
    assert_int_equal(send_verify(), SHK_E_READER);
    assert_true(all_zero(world->sent_at, 9));
}

/* What the late call left on the card ends with its power. */
static void late_transaction_ends_with_the_power_off(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    hang_shortly("SCardTransmit");
    assert_int_equal(send_verify(), SHK_E_CARD_HANGS);
    pcsc_transport.end(transport, true);
    pcsc_transport.disconnect(transport);
    let_go();
    assert_true(released(1));
    assert_int_equal(record.disconnected_with, 2); /* SCARD_UNPOWER_CARD */
}

static void rest_of_the_world_works_meanwhile(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    hang_shortly("SCardTransmit");
    assert_int_equal(send_verify(), SHK_E_CARD_HANGS);
    fault_clear(&why);
    be_lenient();
    assert_int_equal(send_verify(), SHK_E_STATE);
    fault_clear(&why);
    clock_start();
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(seen.n, 2);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_E_TIMEOUT);
    assert_int_equal(open_other(), SHK_OK);
    assert_true(took(0, 1800));
    pcsc_transport.disconnect(transport);
    /* The same reader does not, until the driver lets go. */
    clock_start();
    assert_int_equal(open_card(), SHK_E_CARD_HANGS);
    assert_true(took(1900, 2000 + BUSY_MS));
    fault_clear(&why);
    let_go();
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(send_verify(), SHK_OK);
    assert_int_equal(record.establishes, 2);
}

static void each_reader_hangs_by_itself(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    hang_shortly("SCardTransmit");
    assert_int_equal(send_verify(), SHK_E_CARD_HANGS);
    fault_clear(&why);
    be_lenient();
    assert_int_equal(open_other(), SHK_OK);
    pcsc_transport_limit(transport, LIMIT_MS);
    assert_int_equal(send_verify(), SHK_E_CARD_HANGS);
    fault_clear(&why);
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    let_go();
    assert_true(released(2));
}

static int32_t connect_and_ask(void) {
    struct reader_traits traits;
    int32_t rc = pcsc_transport.connect(transport, unit, &why);
    return rc == SHK_OK ? pcsc_transport.traits(transport, &traits, &why) : rc;
}

static void questions_to_the_reader_have_a_limit(void **state) {
    (void)state;
    static const char *const calls[] = {"SCardControl", "SCardGetAttrib"};
    for (size_t i = 0; i < 2; i++) {
        hang_shortly(calls[i]);
        clock_start();
        assert_int_equal(connect_and_ask(), SHK_E_CARD_HANGS);
        assert_true(took(LIMIT_MS - 10, LIMIT_MS + BUSY_MS));
        fault_clear(&why);
        let_go();
        be_lenient();
        assert_int_equal(connect_and_ask(), SHK_OK);
    }
}

static void keys_have_the_time_of_their_question(void **state) {
    (void)state;
    const struct pad_question ask = {{0x00, 0x20, 0x00, 0x80}, 4, 4, 1};
    uint16_t sw = 1;
    world->control[0].code = 0x42000D48;
    memcpy(world->control[0].reply, "\x06\x04\x42\x33\x00\x06", 6);
    world->control[0].reply_len = 6;
    assert_int_equal(open_card(), SHK_OK);
    hang_next("SCardControl", 1);
    clock_start();
    assert_int_equal(pcsc_transport.pad_verify(transport, &ask, &sw, &why), SHK_E_CARD_HANGS);
    assert_true(took(5900, 6000 + BUSY_MS));
    assert_int_equal(sw, 0);
}

static void end_and_disconnect_have_a_limit(void **state) {
    (void)state;
    static const char *const calls[] = {"SCardEndTransaction", "SCardDisconnect"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(open_card(), SHK_OK);
        hang_shortly(calls[i]);
        clock_start();
        pcsc_transport.end(transport, true);
        pcsc_transport.disconnect(transport);
        assert_true(took(LIMIT_MS - 10, LIMIT_MS + BUSY_MS));
        let_go();
        be_lenient();
    }
}

/* Nobody waits for a card that is given back; the next call does, and only that reader's. */
static void card_is_let_go_without_waiting(void **state) {
    (void)state;
    static const char *const calls[] = {"SCardEndTransaction", "SCardDisconnect"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(open_card(), SHK_OK);
        hang_shortly(calls[i]);
        clock_start();
        pcsc_transport.let_go(transport);
        assert_true(took(0, LIMIT_MS));
        assert_int_equal(send_verify(), SHK_E_STATE);
        fault_clear(&why);
        be_lenient();
        assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
        assert_true(took(LIMIT_MS - 10, LIMIT_MS + BUSY_MS));
        assert_int_equal(open_other(), SHK_OK);
        pcsc_transport.let_go(transport);
        assert_int_equal(open_card(), SHK_E_CARD_HANGS);
        fault_clear(&why);
        let_go();
        assert_true(released(i + 1));
    }
}

static void card_that_is_let_go_late_holds_up_its_reader(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    hang_shortly("SCardEndTransaction");
    pcsc_transport.let_go(transport);
    be_lenient();
    clock_start();
    assert_int_equal(open_card(), SHK_E_CARD_HANGS);
    assert_true(took(1900, 2000 + BUSY_MS));
    fault_clear(&why);
    let_go();
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(send_verify(), SHK_OK);
}

static void reset_that_is_taken_note_of_has_a_limit(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    fail_next("SCardEndTransaction", PCSC_RESET_CARD, 1);
    world->hang_reconnect = true;
    pcsc_transport_limit(transport, LIMIT_MS);
    clock_start();
    pcsc_transport.end(transport, true);
    assert_true(took(LIMIT_MS - 10, LIMIT_MS + BUSY_MS));
    world->hang_reconnect = false;
}

/* Nobody else is connected to this card: it is the driver. */
static void connection_that_hangs_alone_is_the_drivers(void **state) {
    (void)state;
    hang_shortly("SCardConnect");
    clock_start();
    assert_int_equal(open_card(), SHK_E_CARD_HANGS);
    assert_true(took(1900, 2000 + BUSY_MS));
    fault_clear(&why);
    assert_int_equal(open_other(), SHK_E_CARD_HANGS); /* the same call hangs there too */
}

/* A host may set another limit, or another library, between two jobs. */
static void each_job_has_the_settings_of_its_time(void **state) {
    (void)state;
    struct env env;
    struct config *config = config_new();
    real_env_init(&env);
    assert_int_equal(config_set(config, "pcsc_library", PCSC_LIBRARY, &why), SHK_OK);
    assert_int_equal(real_env_life.open(&env, config, &why), SHK_OK);
    assert_int_equal(config_set(config, "apdu.timeout_ms", "500", &why), SHK_OK);
    assert_int_equal(real_env_life.open(&env, config, &why), SHK_OK);
    pcsc_transport_free(&transport);
    transport = env.card_self;
    assert_int_equal(open_card(), SHK_OK);
    hang_next("SCardTransmit", 0);
    clock_start();
    assert_int_equal(send_verify(), SHK_E_CARD_HANGS);
    assert_true(took(490, 500 + BUSY_MS));
    let_go();
    assert_true(released(1));
    assert_int_equal(config_set(config, "pcsc_library", "/nonexistent/pcsc.so", &why), SHK_OK);
    assert_int_equal(real_env_life.open(&env, config, &why), SHK_OK);
    assert_int_equal(env.card->list(env.card_self, &seen, &why), SHK_E_NO_PCSC);
    transport = NULL;
    real_env_life.release(&env);
    config_free(&config);
}

static void service_that_hangs_is_none(void **state) {
    (void)state;
    static const char *const calls[] = {"SCardEstablishContext", "SCardListReaders",
                                        "SCardGetStatusChange"};
    for (size_t i = 0; i < 3; i++) {
        pcsc_transport_free(&transport);
        assert_int_equal(pcsc_transport_new(PCSC_LIBRARY, &transport), SHK_OK);
        pcsc_transport_limit(transport, LIMIT_MS);
        hang_next(calls[i], 0);
        clock_start();
        assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_E_NO_SERVICE);
        assert_true(took(SERVICE_MS - 10, SERVICE_MS + BUSY_MS));
        fault_clear(&why);
        /* It is not asked again while it hangs, and nobody waits that long again. */
        int establishes = record.establishes;
        clock_start();
        assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_E_NO_SERVICE);
        assert_int_equal(pcsc_transport.connect(transport, unit, NULL), SHK_E_NO_SERVICE);
        assert_true(took(900, SERVICE_MS));
        assert_int_equal(record.establishes, establishes);
        fault_clear(&why);
        let_go();
        be_lenient();
        assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    }
}

static void wait_has_its_own_time_besides(void **state) {
    (void)state;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    pcsc_transport_limit(transport, LIMIT_MS);
    hang_next("SCardGetStatusChange", 1);
    clock_start();
    assert_int_equal(pcsc_transport.wait(transport, &seen, 200, &why), SHK_E_NO_SERVICE);
    assert_true(took(SERVICE_MS + 190, SERVICE_MS + 200 + BUSY_MS));
}

static void transport_is_freed_whatever_hangs(void **state) {
    (void)state;
    static const char *const calls[] = {"SCardDisconnect", "SCardReleaseContext",
                                        "SCardEndTransaction"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(open_card(), SHK_OK);
        hang_next(calls[i], 0);
        if (i == 2) {
            pcsc_transport.let_go(transport);
        }
        clock_start();
        pcsc_transport_free(&transport);
        assert_true(took(0, 1000 + BUSY_MS));
        let_go();
        assert_true(released((int)i + 1));
        assert_int_equal(pcsc_transport_new(PCSC_LIBRARY, &transport), SHK_OK);
    }
    assert_int_equal(open_card(), SHK_OK);
    pcsc_transport_limit(transport, LIMIT_MS);
    hang_next("SCardTransmit", 0);
    assert_int_equal(send_verify(), SHK_E_CARD_HANGS);
    clock_start();
    pcsc_transport_free(&transport);
    assert_true(took(0, 900));
}

static void connection_that_stays_open_is_powered_down(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(send_verify(), SHK_OK);
    pcsc_transport_free(&transport);
    assert_int_equal(record.disconnected_with, 2);
    assert_int_equal(record.releases, 1);
}

static void let_go_soon(void *ms) {
    for (int i = 0; plan.held == 0 && i < 60000; i++) {
        thread_sleep(1);
    }
    thread_sleep(*(int32_t *)ms);
    let_go();
}

/* False: the machine itself held it up so long that it may look like one that waited. */
static bool begin_at_once(bool *waited, int64_t usual_ms) {
    int64_t from = platform_clock.mono_ms(NULL);
    assert_int_equal(pcsc_transport.begin(transport, waited, &why), SHK_OK);
    return platform_clock.mono_ms(NULL) - from < usual_ms + pcsc_wait_shows_ms();
}

/* Nothing is in the way of it. */
static void begin_freely(int64_t usual_ms) {
    bool waited = true, judged = false;
    for (int i = 0; !judged && i < 100; i++) {
        int64_t from = platform_clock.mono_ms(NULL);
        assert_int_equal(pcsc_transport.connect(transport, unit, &why), SHK_OK);
        bool quick = platform_clock.mono_ms(NULL) - from < 3 * usual_ms + pcsc_wait_shows_ms();
        judged = begin_at_once(&waited, usual_ms) && quick;
        pcsc_transport.end(transport, false);
    }
    assert_false(waited);
}

/* The card takes its time, and nothing is in the way of the transaction. */
static void connect_while(const char *call, int32_t ms) {
    bool waited = true, judged = false;
    for (int i = 0; !judged && i < 20; i++) {
        hang_next(call, 0);
        struct thread *helper = thread_start(let_go_soon, &ms);
        assert_non_null(helper);
        assert_int_equal(pcsc_transport.connect(transport, unit, &why), SHK_OK);
        judged = begin_at_once(&waited, 0);
        assert_true(thread_join(helper, -1));
        pcsc_transport.end(transport, false);
    }
    assert_false(waited);
}

static void begin_while(const char *call, int32_t ms, bool *waited) {
    hang_next(call, 0);
    struct thread *helper = thread_start(let_go_soon, &ms);
    assert_non_null(helper);
    assert_int_equal(pcsc_transport.connect(transport, unit, &why), SHK_OK);
    assert_int_equal(pcsc_transport.begin(transport, waited, &why), SHK_OK);
    assert_true(thread_join(helper, -1));
    pcsc_transport.end(transport, false);
}

static void waiting_for_another_program_is_told(void **state) {
    (void)state;
    bool waited = false;
    begin_freely(0);
    begin_while("SCardBeginTransaction", 150, &waited);
    assert_true(waited);
    /* A card may be slow to come up; it is only another program's doing when there is one. */
    connect_while("SCardConnect", 150);
    world->in_use = true;
    begin_while("SCardConnect", 150, &waited);
    assert_true(waited);
    world->in_use = false;
    fail_next("SCardConnect", PCSC_SHARING_VIOLATION, 1);
    assert_int_equal(pcsc_transport.connect(transport, unit, &why), SHK_OK);
    assert_int_equal(pcsc_transport.begin(transport, &waited, &why), SHK_OK);
    assert_true(waited);
    /* And it is over with the next connection. */
    begin_freely(0);
}

static void card_that_is_slow_to_come_up_has_the_limit_of_a_call(void **state) {
    (void)state;
    pcsc_transport_limit(transport, 12000);
    connect_while("SCardConnect", 2400);
}

/* Nor is what an earlier call of ours has left behind taken from its time. */
static void time_spent_on_a_late_call_is_not_the_cards(void **state) {
    (void)state;
    bool waited = false;
    int32_t ms = 1100;
    pcsc_transport_limit(transport, 1000);
    assert_int_equal(open_card(), SHK_OK);
    hang_next("SCardTransmit", 0);
    assert_int_equal(send_verify(), SHK_E_CARD_HANGS);
    fault_clear(&why);
    struct thread *helper = thread_start(let_go_soon, &ms);
    assert_non_null(helper);
    world->slow_ms = 200; /* and so are its end, and the way to the next connection */
    assert_int_equal(pcsc_transport.connect(transport, unit, &why), SHK_OK);
    assert_int_equal(pcsc_transport.begin(transport, &waited, &why), SHK_OK);
    assert_true(thread_join(helper, -1));
}

/* As over a remote desktop. */
static void reader_far_away_is_no_other_program(void **state) {
    (void)state;
    bool waited = false;
    world->in_use = true;
    world->slow_ms = 120;
    begin_freely(120);
    begin_while("SCardBeginTransaction", 1000, &waited);
    assert_true(waited);
}

static void flicker_costs_less_and_less(void **state) {
    (void)state;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    world->pnp_changed = true;
    clock_start();
    for (int i = 0; i < 10; i++) {
        assert_int_equal(pcsc_transport.wait(transport, &seen, 1000, &why), SHK_E_TIMEOUT);
    }
    assert_true(took(20 + 40 + 80 + 7 * 160, 5000));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, start, pcsc_case_stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(command_is_wiped_when_it_is_late),
        CASE(command_is_wiped_after_every_call),
        CASE(late_transaction_ends_with_the_power_off),
        CASE(rest_of_the_world_works_meanwhile),
        CASE(each_reader_hangs_by_itself),
        CASE(questions_to_the_reader_have_a_limit),
        CASE(keys_have_the_time_of_their_question),
        CASE(end_and_disconnect_have_a_limit),
        CASE(card_is_let_go_without_waiting),
        CASE(card_that_is_let_go_late_holds_up_its_reader),
        CASE(reset_that_is_taken_note_of_has_a_limit),
        CASE(connection_that_hangs_alone_is_the_drivers),
        CASE(each_job_has_the_settings_of_its_time),
        CASE(service_that_hangs_is_none),
        CASE(wait_has_its_own_time_besides),
        CASE(transport_is_freed_whatever_hangs),
        CASE(connection_that_stays_open_is_powered_down),
        CASE(waiting_for_another_program_is_told),
        CASE(card_that_is_slow_to_come_up_has_the_limit_of_a_call),
        CASE(time_spent_on_a_late_call_is_not_the_cards),
        CASE(reader_far_away_is_no_other_program),
        CASE(flicker_costs_less_and_less),
    };
    return pcsc_case_open() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
