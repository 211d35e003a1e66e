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
#include "thread.h"

static void missing_library_is_no_pcsc(void **state) {
    (void)state;
    void *other = NULL;
    assert_int_equal(pcsc_transport_new("/nonexistent/libpcsclite.so.1", &other), SHK_OK);
    assert_int_equal(pcsc_transport.list(other, &seen, &why), SHK_E_NO_PCSC);
    assert_int_equal(why.code, SHK_E_NO_PCSC);
    fault_clear(&why);
    assert_int_equal(pcsc_transport.connect(other, unit, &why), SHK_E_NO_PCSC);
    pcsc_transport.end(other, true);
    pcsc_transport.disconnect(other);
    pcsc_transport_free(&other);
    assert_null(other);
    pcsc_transport_free(&other);
}

static void names_that_nothing_has_are_refused(void **state) {
    (void)state;
    static char longest[8192];
    void *other = NULL;
    bool waited;
    memset(longest, 'x', sizeof longest - 1);
    assert_int_equal(pcsc_transport_new(longest, &other), SHK_E_ARGUMENT);
    assert_null(other);
    assert_int_equal(pcsc_transport.connect(transport, longest, &why), SHK_E_NO_READER);
    fault_clear(&why);
    assert_int_equal(pcsc_transport.begin(transport, &waited, &why), SHK_E_STATE);
}

static void readers_are_listed(void **state) {
    (void)state;
    world->readers[1] = "見本リーダー 01";
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(seen.n, 2);
    assert_string_equal(seen.at[0].name, unit);
    assert_true(seen.at[0].card_present);
    assert_int_equal(seen.at[0].atr_len, 2);
    assert_string_equal(seen.at[1].name, "見本リーダー 01");
    assert_false(seen.at[1].card_present);
    assert_int_equal(seen.at[1].atr_len, 0);
}

/* As many as pcsc-lite can have: it takes no further one in a call, which is what notifications would be. */
static void as_many_readers_as_there_can_be(void **state) {
    (void)state;
    char names[READER_LIST_MAX][32];
    for (size_t i = 1; i < READER_LIST_MAX; i++) {
        text_format(names[i], sizeof names[i], "Virtual PCD 00 %02u", (unsigned)i);
        world->readers[i] = names[i];
    }
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(seen.n, READER_LIST_MAX);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_E_TIMEOUT);
    world->present[15] = true;
    world->events[15]++;
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_OK);
    assert_true(seen.at[15].card_present);
    world->readers[15] = NULL;
    assert_int_equal(pcsc_transport.wait(transport, &seen, 700, &why), SHK_OK);
    assert_int_equal(seen.n, READER_LIST_MAX - 1);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_E_TIMEOUT);
}

static void no_reader_is_an_empty_list(void **state) {
    (void)state;
    world->readers[0] = NULL;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(seen.n, 0);
    assert_int_equal(why.code, 0);
}

static void service_that_does_not_run(void **state) {
    (void)state;
    fail_next("SCardEstablishContext", PCSC_NO_SERVICE, 100);
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_E_NO_SERVICE);
    assert_int_equal(why.native_kind, SHK_NATIVE_PCSC);
    assert_int_equal((uint32_t)why.native, PCSC_NO_SERVICE);
    plan.call = NULL;
    assert_int_equal(pcsc_transport.list(transport, &seen, NULL), SHK_OK);
}

static void service_that_was_started_anew_is_found_again(void **state) {
    (void)state;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    fail_next("SCardListReaders", PCSC_INVALID_HANDLE, 1);
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(record.establishes, 2);
    fail_next("SCardConnect", PCSC_NO_SERVICE, 1);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(record.establishes, 3);
}

static void service_that_goes_away_while_waiting_is_a_fault(void **state) {
    (void)state;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    fail_next("SCardListReaders", PCSC_SERVICE_STOPPED, 100);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 1000, &why), SHK_E_NO_SERVICE);
}

static void waiting_sees_cards_and_readers_come_and_go(void **state) {
    (void)state;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_E_TIMEOUT);
    assert_int_equal(why.code, 0);
    world->present[0] = false;
    world->events[0]++;
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_OK);
    assert_false(seen.at[0].card_present);
    world->readers[1] = "Another";
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_OK);
    assert_int_equal(seen.n, 2);
    world->readers[1] = NULL;
    world->readers[0] = NULL;
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_OK);
    assert_int_equal(seen.n, 0);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_E_TIMEOUT);
}

static void card_changed_between_two_waits_is_told_as_a_removal(void **state) {
    (void)state;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    world->events[0] += 2;
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_OK);
    assert_false(seen.at[0].card_present);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_OK);
    assert_true(seen.at[0].card_present);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 30, &why), SHK_E_TIMEOUT);
}

static void without_notification_the_list_is_looked_at(void **state) {
    (void)state;
    world->no_pnp = true;
    world->readers[0] = NULL;
    int64_t from = platform_clock.mono_ms(NULL);
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(pcsc_transport.wait(transport, &seen, 700, &why), SHK_E_TIMEOUT);
    assert_true(platform_clock.mono_ms(NULL) - from >= 690);
    world->readers[0] = unit;
    assert_int_equal(pcsc_transport.wait(transport, &seen, 700, &why), SHK_OK);
    assert_int_equal(seen.n, 1);
}

/* A reader whose state flickers in ways that are none of our business. */
static void waiting_never_spins(void **state) {
    (void)state;
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    int64_t from = platform_clock.mono_ms(NULL);
    world->pnp_changed = true;
    for (int i = 0; i < 10; i++) {
        world->in_use = !world->in_use;
        assert_int_equal(pcsc_transport.wait(transport, &seen, 1000, &why), SHK_E_TIMEOUT);
    }
    assert_true(record.waits <= 10);
    assert_true(platform_clock.mono_ms(NULL) - from >= 150);
}

static void whole_exchange(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(send_verify(), SHK_OK);
    pcsc_transport.end(transport, true);
    assert_int_equal(record.ended_with, 2); /* SCARD_UNPOWER_CARD */
    pcsc_transport.disconnect(transport);
    assert_int_equal(record.disconnected_with,
                     0); /* SCARD_LEAVE_CARD: it is powered down already */
    pcsc_transport.disconnect(transport);
    assert_string_equal(record.calls,
                        "EstablishContext GetStatusChange Connect BeginTransaction Transmit "
                        "EndTransaction Disconnect ");
}

static void card_is_let_go_powered_down(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(send_verify(), SHK_OK);
    pcsc_transport.let_go(transport);
    pcsc_transport.let_go(transport);
    pcsc_transport.disconnect(transport);
    assert_int_equal(send_verify(), SHK_E_STATE);
    fault_clear(&why);
    assert_int_equal(open_card(), SHK_OK); /* waits */
    assert_string_equal(record.calls,
                        "EstablishContext GetStatusChange Connect BeginTransaction Transmit "
                        "EndTransaction Disconnect GetStatusChange Connect BeginTransaction ");
    assert_int_equal(record.ended_with, 2);
    assert_int_equal(record.disconnected_with, 0);
}

static void power_down_that_failed_while_it_is_let_go(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    fail_next("SCardEndTransaction", PCSC_COMM_ERROR, 1);
    pcsc_transport.let_go(transport);
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(record.disconnected_with, 2);
    assert_int_equal(pcsc_transport.connect(transport, unit, &why), SHK_OK);
    pcsc_transport.let_go(transport); /* nothing was begun */
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    assert_int_equal(record.disconnected_with, 0);
}

static void power_down_that_failed_is_made_up_for(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    fail_next("SCardEndTransaction", PCSC_COMM_ERROR, 1);
    pcsc_transport.end(transport, true);
    pcsc_transport.disconnect(transport);
    assert_int_equal(record.disconnected_with, 2);
    assert_int_equal(open_card(), SHK_OK);
    pcsc_transport.disconnect(transport); /* the transaction still open */
    assert_int_equal(record.disconnected_with, 2);
}

static void reset_card_is_powered_down_before_it_is_given_up(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    fail_next("SCardEndTransaction", PCSC_RESET_CARD, 1);
    pcsc_transport.end(transport, true);
    assert_int_equal(record.reconnects, 1);
    assert_int_equal(record.ended_with, 2);
    pcsc_transport.disconnect(transport);
    assert_int_equal(record.disconnected_with, 0);
}

static void reset_in_the_middle_is_never_continued(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    fail_next("SCardTransmit", PCSC_RESET_CARD, 1);
    assert_int_equal(send_verify(), SHK_E_CARD_RESET);
    assert_int_equal((uint32_t)why.native, PCSC_RESET_CARD);
    assert_int_equal(record.reconnects, 0);
}

static void reset_before_the_first_command_costs_nothing(void **state) {
    (void)state;
    fail_next("SCardBeginTransaction", PCSC_RESET_CARD, 1);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(record.reconnects, 1);
}

static void short_hold_by_another_program_is_waited_out(void **state) {
    (void)state;
    fail_next("SCardConnect", PCSC_SHARING_VIOLATION, 3);
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(record.connects, 4);
}

static void long_hold_by_another_program_is_busy(void **state) {
    (void)state;
    int64_t from = platform_clock.mono_ms(NULL);
    fail_next("SCardConnect", PCSC_SHARING_VIOLATION, 1000);
    assert_int_equal(open_card(), SHK_E_CARD_BUSY);
    int64_t took = platform_clock.mono_ms(NULL) - from;
    assert_true(took >= 1900 && took < 6000);
    assert_true(record.connects < 12);
}

static void blocked(const char *call) {
    int64_t from = platform_clock.mono_ms(NULL);
    hang_next(call, 0);
    world->in_use = true;
    assert_int_equal(open_card(), SHK_E_CARD_BUSY);
    assert_int_equal((uint32_t)why.native, PCSC_SHARING_VIOLATION);
    int64_t took = platform_clock.mono_ms(NULL) - from;
    assert_true(took >= 1900 && took < 6000);
    fault_clear(&why);
    /* The list works meanwhile, and the card once the other program lets go. */
    assert_int_equal(pcsc_transport.list(transport, &seen, &why), SHK_OK);
    let_go();
    assert_int_equal(open_card(), SHK_OK);
    assert_int_equal(send_verify(), SHK_OK);
    assert_int_equal(record.releases, 1);
}

static void transaction_of_another_program_blocks_the_connection(void **state) {
    (void)state;
    blocked("SCardConnect");
}

static void transaction_of_another_program_blocks_the_beginning(void **state) {
    (void)state;
    blocked("SCardBeginTransaction");
}

static void blocked_attempt_outlives_its_transport(void **state) {
    (void)state;
    hang_next("SCardConnect", 0);
    world->in_use = true;
    assert_int_equal(open_card(), SHK_E_CARD_BUSY);
    pcsc_transport_free(&transport);
    let_go();
    assert_true(released(1));
}

static void every_code_has_its_fault(void **state) {
    (void)state;
    static const struct {
        const char *call;
        uint32_t rv;
        int32_t code;
    } codes[] = {
        {"SCardConnect", PCSC_NO_SMARTCARD, SHK_E_CARD_REMOVED},
        {"SCardConnect", PCSC_REMOVED_CARD, SHK_E_CARD_REMOVED},
        {"SCardConnect", PCSC_UNPOWERED_CARD, SHK_E_CARD_MUTE},
        {"SCardConnect", PCSC_UNRESPONSIVE_CARD, SHK_E_CARD_MUTE},
        {"SCardConnect", PCSC_UNSUPPORTED_CARD, SHK_E_CARD_MUTE},
        {"SCardConnect", PCSC_UNKNOWN_READER, SHK_E_NO_READER},
        {"SCardConnect", PCSC_READER_UNAVAILABLE, SHK_E_NO_READER},
        {"SCardConnect", PCSC_NO_SERVICE, SHK_E_NO_SERVICE},
        {"SCardConnect", PCSC_SERVER_TOO_BUSY, SHK_E_NO_SERVICE},
        {"SCardConnect", PCSC_NO_MEMORY, SHK_E_MEMORY},
        {"SCardConnect", PCSC_UNEXPECTED, SHK_E_READER},
        {"SCardConnect", PCSC_NOT_READY, SHK_E_READER},
        {"SCardBeginTransaction", PCSC_REMOVED_CARD, SHK_E_CARD_REMOVED},
        {"SCardTransmit", PCSC_REMOVED_CARD, SHK_E_CARD_REMOVED},
        {"SCardTransmit", PCSC_SHUTDOWN, SHK_E_NO_SERVICE},
        {"SCardTransmit", PCSC_OS_INVALID_HANDLE, SHK_E_NO_SERVICE},
        {"SCardTransmit", PCSC_OS_BROKEN_PIPE, SHK_E_NO_SERVICE},
        {"SCardTransmit", PCSC_COMM_ERROR, SHK_E_READER},
        {"SCardTransmit", PCSC_NOT_TRANSACTED, SHK_E_READER},
        {"SCardTransmit", PCSC_READER_UNAVAILABLE, SHK_E_NO_READER},
        {"SCardListReaders", PCSC_UNEXPECTED, SHK_E_READER},
        {"SCardListReaders", PCSC_INSUFFICIENT_BUFFER, SHK_E_READER},
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        fault_clear(&why);
        fail_next(codes[i].call, codes[i].rv, 1000);
        int32_t rc = text_equal(codes[i].call, "SCardListReaders")
                         ? pcsc_transport.list(transport, &seen, &why)
                         : open_card();
        rc = rc == SHK_OK ? send_verify() : rc;
        assert_int_equal(rc, codes[i].code);
        assert_int_equal(why.code, codes[i].code);
        assert_int_equal(why.native_kind, SHK_NATIVE_PCSC);
        assert_int_equal((uint32_t)why.native, codes[i].rv);
        plan.call = NULL;
        pcsc_transport.end(transport, true);
        pcsc_transport.disconnect(transport);
    }
}

static void wire_error_of_a_card_that_left_is_a_removal(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    world->present[0] = false;
    fail_next("SCardTransmit", PCSC_COMM_ERROR, 1);
    assert_int_equal(send_verify(), SHK_E_CARD_REMOVED);
    assert_int_equal((uint32_t)why.native, PCSC_COMM_ERROR);
}

static void answer_without_status_is_a_fault(void **state) {
    (void)state;
    assert_int_equal(open_card(), SHK_OK);
    world->reply_len = 1;
    assert_int_equal(send_verify(), SHK_E_CARD_ANSWER);
    fault_clear(&why);
    pcsc_transport.end(transport, true);
    assert_int_equal(send_verify(), SHK_E_STATE);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, pcsc_case_start, pcsc_case_stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(missing_library_is_no_pcsc),
        CASE(names_that_nothing_has_are_refused),
        CASE(readers_are_listed),
        CASE(as_many_readers_as_there_can_be),
        CASE(no_reader_is_an_empty_list),
        CASE(service_that_does_not_run),
        CASE(service_that_was_started_anew_is_found_again),
        CASE(service_that_goes_away_while_waiting_is_a_fault),
        CASE(waiting_sees_cards_and_readers_come_and_go),
        CASE(card_changed_between_two_waits_is_told_as_a_removal),
        CASE(without_notification_the_list_is_looked_at),
        CASE(waiting_never_spins),
        CASE(whole_exchange),
        CASE(card_is_let_go_powered_down),
        CASE(power_down_that_failed_while_it_is_let_go),
        CASE(power_down_that_failed_is_made_up_for),
        CASE(reset_card_is_powered_down_before_it_is_given_up),
        CASE(reset_in_the_middle_is_never_continued),
        CASE(reset_before_the_first_command_costs_nothing),
        CASE(short_hold_by_another_program_is_waited_out),
        CASE(long_hold_by_another_program_is_busy),
        CASE(transaction_of_another_program_blocks_the_connection),
        CASE(transaction_of_another_program_blocks_the_beginning),
        CASE(blocked_attempt_outlives_its_transport),
        CASE(every_code_has_its_fault),
        CASE(wire_error_of_a_card_that_left_is_a_removal),
        CASE(answer_without_status_is_a_fault),
    };
    return pcsc_case_open() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
