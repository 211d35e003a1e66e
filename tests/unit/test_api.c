/* The exports as a host calls them, with the demo card and the demo route: no reader, no server. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier): feenableexcept */
#include <errno.h>
#include <fenv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "api_host.h"
#include "thread.h"

#define PATIENCE_MS 60000 /* for what comes for certain, however busy the machine is */

static shk_session open_demo(void **state) {
    return api_open(*state, "");
}

static int32_t text_of(shk_session s, const char *path, char *buf, int32_t cap) {
    return shk_text(s, path, -1, buf, cap);
}

/* In the process's first session libxml2 is set up, which divides by zero. Programs of Delphi and Free
 * Pascal stop at that. */
static void the_first_open_neither_stops_nor_marks_a_host_that_traps_divisions(void **state) {
    feclearexcept(FE_ALL_EXCEPT);
    assert_int_not_equal(feenableexcept(FE_DIVBYZERO | FE_INVALID), -1);
    /* Valgrind's processor keeps no traps: there only the flags are looked at. */
    int traps = getenv("SHIKAKU_NO_TRAPS") ? 0 : FE_DIVBYZERO | FE_INVALID;
    assert_int_equal(fegetexcept(), traps);
    shk_session s = open_demo(state);
    assert_int_equal(fedisableexcept(FE_ALL_EXCEPT), traps);
    assert_int_equal(fetestexcept(FE_DIVBYZERO | FE_INVALID), 0);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void a_check_gives_values_by_path(void **state) {
    char text[64];
    int32_t number = 0;
    shk_session s = open_demo(state);
    assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(text_of(s, "record.name", text, sizeof text), strlen("見本　太郎"));
    assert_string_equal(text, "見本　太郎");
    assert_true(text_of(s, "records[1].insurer_number", text, sizeof text) > 0);
    assert_int_equal(shk_int(s, "outcome", -1, &number), SHK_OK);
    assert_int_equal(number, SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(text_of(s, "route", text, sizeof text), 4);
    assert_string_equal(text, "demo");
    assert_int_equal(shk_count(s, "records", -1), 1);
    assert_true(shk_count(s, "record.paths", -1) > 10);
    assert_true(text_of(s, "record.paths[1]", text, sizeof text) > 0);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void a_text_that_does_not_fit_is_cut_between_characters(void **state) {
    char text[8];
    shk_session s = open_demo(state);
    assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_OUTCOME_ELIGIBLE);
    memset(text, 'x', sizeof text);
    assert_int_equal(text_of(s, "record.name", text, sizeof text), 15);
    assert_string_equal(text, "見本");
    assert_int_equal(text_of(s, "record.name", text, 1), 15);
    assert_string_equal(text, "");
    assert_int_equal(shk_text(s, "record.name", -1, NULL, 0), 15);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void absent_unknown_and_wrong_type_are_three_things(void **state) {
    char text[64];
    int32_t number = 77;
    shk_session s = open_demo(state);
    assert_int_equal(text_of(s, "record.name", text, sizeof text), SHK_E_ABSENT);
    assert_int_equal(text_of(s, "record.nmae", text, sizeof text), SHK_E_PATH);
    assert_int_equal(text_of(s, "records[0].name", text, sizeof text), SHK_E_PATH);
    assert_int_equal(text_of(s, "records[x].name", text, sizeof text), SHK_E_PATH);
    assert_int_equal(text_of(s, "", text, sizeof text), SHK_E_PATH);
    assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(text_of(s, "record.loss_reason", text, sizeof text), SHK_E_ABSENT);
    assert_int_equal(text_of(s, "records[2].name", text, sizeof text), SHK_E_ABSENT);
    assert_int_equal(shk_int(s, "record.name", -1, &number), SHK_E_TYPE);
    assert_int_equal(number, 77);
    assert_int_equal(shk_count(s, "record.name", -1), SHK_E_PATH);
    assert_int_equal(shk_count(s, "nothing", -1), SHK_E_PATH);
    assert_int_equal(shk_count(s, "nothing.name", -1), SHK_E_PATH);
    assert_int_equal(shk_count(s, "delivery[1].name", -1), SHK_E_PATH);
    assert_int_equal(shk_count(s, "match.name", -1), SHK_E_PATH);
    assert_int_equal(shk_count(s, "match.candidate[1].name", -1), SHK_E_PATH);
    assert_int_equal(text_of(s, "fault.nothing", text, sizeof text), SHK_E_PATH);
    assert_int_equal(text_of(s, "history.nothing", text, sizeof text), SHK_E_PATH);
    assert_int_equal(text_of(s, "field.nothing.label", text, sizeof text), SHK_E_PATH);
    assert_int_equal(shk_int(s, "field.name.personal", -1, &number), SHK_OK);
    assert_int_equal(number, 1);
    number = 77;
    assert_int_equal(shk_count(s, "record.specific_diseases", -1), 0);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void padded_arguments_are_taken_as_cobol_passes_them(void **state) {
    char text[64];
    shk_session s = open_demo(state);
    assert_int_equal(shk_set(s, "reader\0\0\0\0", 10, "some reader          ", 21), SHK_OK);
    assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(shk_text(s, "record.name               ", 26, text, sizeof text), 15);
    assert_int_equal(shk_text(s, "record\0name", 11, text, sizeof text), SHK_E_ARGUMENT);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void a_stale_handle_is_a_code_everywhere(void **state) {
    uint8_t bytes[4] = {0};
    char text[4];
    int32_t number = 0;
    shk_session s = open_demo(state);
    assert_int_equal(shk_close(s), SHK_OK);
    const shk_session stale[] = {s, s + 1024, 0x7FFFFFFF, -1};
    for (size_t i = 0; i < sizeof stale / sizeof stale[0]; i++) {
        shk_session h = stale[i];
        assert_int_equal(shk_close(h), SHK_E_SESSION);
        assert_int_equal(shk_set(h, "reader", -1, "x", -1), SHK_E_SESSION);
        assert_int_equal(shk_put(h, "query.number", -1, bytes, 1), SHK_E_SESSION);
        assert_int_equal(shk_start(h, SHK_JOB_CHECK), SHK_E_SESSION);
        assert_int_equal(shk_answer_pin(h, "1234", 4, 0), SHK_E_SESSION);
        assert_int_equal(shk_cancel(h), SHK_E_SESSION);
        assert_int_equal(shk_next_event(h, 0), SHK_E_SESSION);
        assert_int_equal(shk_wake(h, -1, 0), SHK_E_SESSION);
        assert_int_equal(shk_text(h, "outcome", -1, text, 4), SHK_E_SESSION);
        assert_int_equal(shk_int(h, "outcome", -1, &number), SHK_E_SESSION);
        assert_int_equal(shk_count(h, "records", -1), SHK_E_SESSION);
        assert_int_equal(shk_bytes(h, "delivery[1].document", -1, bytes, 4), SHK_E_SESSION);
        assert_int_equal(shk_forget(h), SHK_E_SESSION);
        assert_int_equal(shk_check(h, "1234", 4, 0, 10), SHK_E_SESSION);
    }
}

static void bad_arguments_are_refused(void **state) {
    char text[4];
    shk_session s = open_demo(state);
    shk_session none = 77;
    assert_int_equal(shk_open("x", -1, NULL), SHK_E_ARGUMENT);
    assert_int_equal(shk_open(NULL, 4, &none), SHK_E_ARGUMENT);
    assert_int_equal(none, 0);
    assert_int_equal(shk_text(s, NULL, -1, text, 4), SHK_E_ARGUMENT);
    assert_int_equal(shk_text(s, "outcome", -1, NULL, 4), SHK_E_ARGUMENT);
    assert_int_equal(shk_text(s, "outcome", -1, text, -1), SHK_E_ARGUMENT);
    assert_int_equal(shk_text(s, "\xFF", -1, text, 4), SHK_E_ARGUMENT);
    assert_int_equal(shk_int(s, "outcome", -1, NULL), SHK_E_ARGUMENT);
    assert_int_equal(shk_bytes(s, "delivery[1].document", -1, NULL, 4), SHK_E_ARGUMENT);
    assert_int_equal(shk_bytes(s, "delivery[1].document", -1, (uint8_t *)text, -1), SHK_E_ARGUMENT);
    assert_int_equal(shk_answer_pin(s, NULL, 4, 0), SHK_E_ARGUMENT);
    assert_int_equal(shk_check(s, NULL, 4, 0, 10), SHK_E_ARGUMENT);
    assert_int_equal(shk_set(s, NULL, -1, "x", -1), SHK_E_ARGUMENT);
    assert_int_equal(shk_start(s, 0), SHK_E_ARGUMENT);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void a_query_goes_through_the_door(void **state) {
    static const char *const inputs[][2] = {{"query.insurer_number", "06990014"},
                                            {"query.symbol", "７７"},
                                            {"query.number", "８８"},
                                            {"query.birth_date", "昭和55年1月2日"}};
    char text[64];
    int32_t event = 0;
    shk_session s = open_demo(state);
    for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++) {
        assert_int_equal(shk_put(s, inputs[i][0], -1, (const uint8_t *)inputs[i][1], -1), SHK_OK);
    }
    assert_int_equal(shk_start(s, SHK_JOB_QUERY), SHK_OK);
    while ((event = shk_next_event(s, PATIENCE_MS)) != SHK_EVENT_DONE) {
        assert_true(event == SHK_EVENT_ASKING || event == SHK_EVENT_ANSWER);
    }
    assert_true(text_of(s, "record.name", text, sizeof text) > 0);
    assert_true(text_of(s, "source", text, sizeof text) > 0);
    assert_string_equal(text, "demo");
    assert_int_equal(text_of(s, "gateway.clock_ahead_s", text, sizeof text), SHK_E_ABSENT);
    assert_int_equal(text_of(s, "registered.code", text, sizeof text), SHK_E_ABSENT);
    assert_int_equal(text_of(s, "drift[1].line", text, sizeof text), SHK_E_ABSENT);
    assert_int_equal(text_of(s, "drift[1].raw", text, sizeof text), SHK_E_PATH);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void a_failed_open_has_its_words_on_the_same_thread(void **state) {
    char text[256];
    int32_t number = 0;
    shk_session s = 99;
    (void)state;
    assert_int_equal(shk_open("/no/such/file.lua", -1, &s), SHK_E_CONFIG_FILE);
    assert_int_equal(s, 0);
    assert_int_equal(shk_int(0, "fault.code", -1, &number), SHK_OK);
    assert_int_equal(number, SHK_E_CONFIG_FILE);
    assert_true(text_of(0, "fault.message", text, sizeof text) > 10);
    assert_true(text_of(0, "version", text, sizeof text) > 0);
    assert_int_equal(text_of(0, "field.insurer_number.label", text, sizeof text),
                     strlen("保険者番号"));
    assert_string_equal(text, "保険者番号");
    assert_int_equal(text_of(0, "record.name", text, sizeof text), SHK_E_PATH);
}

static void code_page_932_is_spoken_when_asked_for(void **state) {
    char text[64];
    int32_t losses = 0;
    shk_session s = open_demo(state);
    assert_int_equal(shk_set(s, "text_encoding", -1, "cp932", -1), SHK_OK);
    assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(text_of(s, "record.name", text, sizeof text), 10);
    assert_memory_equal(text, "\x8C\xA9\x96\x7B\x81\x40\x91\xBE\x98\x59", 11);
    assert_int_equal(text_of(s, "record.name", text, 4), 10);
    assert_memory_equal(text, "\x8C\xA9", 3);
    assert_int_equal(shk_int(s, "text.losses", -1, &losses), SHK_OK);
    assert_int_equal(losses, 0);
    /* A folder's name in the host's encoding. */
    assert_int_equal(shk_set(s, "demo.folder", -1, "/\x8E\xF3\x95\x74", -1), SHK_OK);
    assert_int_equal(shk_set(s, "demo.folder", -1, "/\x81", -1), SHK_E_ARGUMENT);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void documents_are_delivered_and_readable(void **state) {
    struct api_host *host = *state;
    uint8_t bytes[2048];
    char text[4096];
    shk_session s = api_open(host, "deliveries = { { script = \"" SOURCE_ROOT
                                   "/scripts/uketsuke_csv.lua\", folder = \".\" } },");
    assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(shk_count(s, "delivery", -1), 1);
    int32_t n = shk_bytes(s, "delivery[1].document", -1, bytes, sizeof bytes);
    assert_true(n > 20 && n <= (int32_t)sizeof bytes);
    assert_int_equal(shk_bytes(s, "delivery[1].document", -1, bytes, 3), n);
    assert_true(text_of(s, "delivery[1].document_text", text, sizeof text) > n);
    assert_non_null(strstr(text, "見本　太郎"));
    assert_int_equal(text_of(s, "delivery[1].document", text, sizeof text), SHK_E_TYPE);
    assert_true(text_of(s, "delivery[1].file", text, sizeof text) > 0);
    assert_int_equal(access(text, R_OK), 0);
    assert_int_equal(text_of(s, "delivery[2].file", text, sizeof text), SHK_E_ABSENT);
    assert_int_equal(text_of(s, "delivery[1].flie", text, sizeof text), SHK_E_PATH);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void one_failed_delivery_does_not_hold_up_the_next(void **state) {
    struct api_host *host = *state;
    char text[256];
    int32_t number = 0;
    shk_session s =
        api_open(host, "deliveries = { { script = \"missing.lua\", folder = \".\" },"
                       "{ script = \"" SOURCE_ROOT "/scripts/kanja_xml.lua\", folder = \".\" },"
                       "{ script = \"" SOURCE_ROOT "/scripts/kanja_xml.lua\","
                       "  folder = \"nowhere\" } },");
    assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_E_SCRIPT_FILE);
    assert_int_equal(shk_count(s, "delivery", -1), 3);
    assert_int_equal(shk_int(s, "delivery[1].fault.code", -1, &number), SHK_OK);
    assert_int_equal(number, SHK_E_SCRIPT_FILE);
    assert_true(text_of(s, "delivery[2].file", text, sizeof text) > 0);
    assert_int_equal(shk_int(s, "delivery[3].fault.code", -1, &number), SHK_OK);
    assert_int_equal(number, SHK_E_FOLDER_MISSING);
    assert_true(text_of(s, "delivery[3].fault.where", text, sizeof text) > 0);
    assert_true(strncmp(text, "deliveries[3].folder", 20) == 0);
    assert_int_equal(shk_int(s, "outcome", -1, &number), SHK_OK);
    assert_int_equal(number, SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(shk_int(s, "fault.code", -1, &number), SHK_OK);
    assert_int_equal(number, SHK_E_SCRIPT_FILE);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void an_answer_of_no_entitlement_is_delivered_only_when_asked_for(void **state) {
    static const char script[] =
        "return { contract = 1, id = \"v\", format = \"csv\", encoding = \"utf-8\","
        " file = \"v.csv\", fields = { { to = \"V\", from = \"validity\" } } }";
    struct api_host *host = *state;
    temp_write(&host->folder, "v.lua", script);
    for (int always = 0; always <= 1; always++) {
        shk_session s = api_open(
            host,
            always ? "deliveries = { { script = \"v.lua\", folder = \".\", when = \"always\" } },"
                   : "deliveries = { { script = \"v.lua\", folder = \".\" } },");
        assert_int_equal(shk_set(s, "demo.folder", -1, TEST_DATA "/demo-lost", -1), SHK_OK);
        assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_OUTCOME_NOT_ELIGIBLE);
        assert_int_equal(shk_count(s, "delivery", -1), always);
        assert_int_equal(temp_exists(&host->folder, "v.csv"), always);
        assert_int_equal(shk_close(s), SHK_OK);
    }
}

static void each_fault_is_read_with_its_own_event(void **state) {
    struct api_host *host = *state;
    int32_t code = 0;
    shk_session s = api_open(host, "deliveries = { { script = \"missing.lua\", folder = \".\" },"
                                   "{ script = \"" SOURCE_ROOT "/scripts/kanja_xml.lua\","
                                   "  folder = \"nowhere\" } },");
    assert_int_equal(shk_start(s, SHK_JOB_CHECK), SHK_OK);
    while (shk_next_event(s, PATIENCE_MS) != SHK_EVENT_PIN) {
    }
    assert_int_equal(shk_answer_pin(s, "1234", 4, 0), SHK_OK);
    /* The host looks late: everything has happened, and still each event has its own fault. */
    thread_sleep(300);
    while (shk_next_event(s, PATIENCE_MS) != SHK_EVENT_FAULT) {
    }
    assert_int_equal(shk_int(s, "fault.code", -1, &code), SHK_OK);
    assert_int_equal(code, SHK_E_SCRIPT_FILE);
    assert_int_equal(shk_next_event(s, PATIENCE_MS), SHK_EVENT_FAULT);
    assert_int_equal(shk_int(s, "fault.code", -1, &code), SHK_OK);
    assert_int_equal(code, SHK_E_FOLDER_MISSING);
    assert_int_equal(shk_next_event(s, PATIENCE_MS), SHK_EVENT_DONE);
    assert_int_equal(shk_int(s, "fault.code", -1, &code), SHK_OK);
    assert_int_equal(code, SHK_E_SCRIPT_FILE);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void deliveries_that_cannot_work_are_refused_before_any_patient(void **state) {
    static const struct {
        const char *delivery, *where;
        int32_t code;
    } cases[] = {
        {"{ folder = \".\" }", "deliveries[1].script", SHK_E_CONFIG_VALUE},
        {"{ script = \"x.lua\", folder = \".\", adapter = \"pigeon\" }", "deliveries[1].adapter",
         SHK_E_ADAPTER_UNKNOWN},
        {"{ script = \"x.lua\" }", "deliveries[1].folder", SHK_E_ADAPTER_SETTINGS},
    };
    char lines[256];
    char where[160];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(lines, sizeof lines, "deliveries = { %s },", cases[i].delivery);
        shk_session s = api_open(*state, lines);
        assert_int_equal(shk_start(s, SHK_JOB_CHECK), cases[i].code);
        assert_true(text_of(s, "fault.where", where, sizeof where) > 0);
        assert_string_equal(where, cases[i].where);
        assert_int_equal(shk_close(s), SHK_OK);
    }
}

static void a_refused_argument_has_words_too(void **state) {
    int32_t code = 0;
    char text[8];
    memset(text, 'x', sizeof text);
    shk_session s = open_demo(state);
    assert_int_equal(shk_check(s, NULL, 4, 0, 10), SHK_E_ARGUMENT);
    assert_int_equal(shk_int(s, "fault.code", -1, &code), SHK_OK);
    assert_int_equal(code, SHK_E_ARGUMENT);
    assert_int_equal(text_of(s, "record.name", text, sizeof text), SHK_E_ABSENT);
    assert_string_equal(text, "");
    assert_int_equal(shk_set(s, "log.file", -1, "/no/such/folder/x.log", -1), SHK_OK);
    assert_int_equal(shk_start(s, SHK_JOB_CHECK), SHK_E_LOG_FILE);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void the_hosts_floating_point_and_errno_are_left_alone(void **state) {
    struct api_host *host = *state;
    temp_write(&host->folder, "div.lua",
               "return { contract = 1, id = \"div\", format = \"csv\", encoding = \"utf-8\","
               " file = \"div.csv\", fields = { { to = \"X\", with = function() "
               "return 1 / 0 > 5 and \"inf\" or \"no\" end } } }");
    shk_session s = api_open(host, "deliveries = { { script = \"div.lua\", folder = \".\" } },");
    fesetround(FE_UPWARD);
    feclearexcept(FE_ALL_EXCEPT);
    errno = 4711;
    assert_int_equal(shk_check(s, "1234", 4, 0, PATIENCE_MS), SHK_OUTCOME_ELIGIBLE);
    assert_int_equal(errno, 4711);
    assert_int_equal(fegetround(), FE_UPWARD);
    assert_int_equal(fetestexcept(FE_DIVBYZERO), 0);
    fesetround(FE_TONEAREST);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void a_wrong_pin_counts_down_to_blocked(void **state) {
    int32_t left = 0;
    shk_session s = open_demo(state);
    /* Each check has a demo card of its own, so the host answers within one. */
    assert_int_equal(shk_start(s, SHK_JOB_CHECK), SHK_OK);
    for (int tries = 3; tries > 0; tries--) {
        int32_t event = shk_next_event(s, PATIENCE_MS);
        while (event == SHK_EVENT_CARD || event == SHK_EVENT_FAULT) {
            event = shk_next_event(s, PATIENCE_MS);
        }
        assert_int_equal(event, SHK_EVENT_PIN);
        assert_int_equal(shk_int(s, "pin.tries_left", -1, &left), SHK_OK);
        assert_int_equal(left, tries);
        assert_int_equal(shk_answer_pin(s, "0000", 4, 1), SHK_OK);
    }
    while (shk_next_event(s, PATIENCE_MS) != SHK_EVENT_DONE) {
    }
    assert_int_equal(shk_int(s, "fault.code", -1, &left), SHK_OK);
    assert_int_equal(left, SHK_E_PIN_BLOCKED);
    assert_int_equal(shk_close(s), SHK_OK);
}

static void a_thousand_sessions_can_be_open_and_no_more(void **state) {
    static shk_session all[1100];
    struct api_host *host = *state;
    size_t n = 0;
    while (n < 1100 && shk_open(host->config, -1, &all[n]) == SHK_OK) {
        n++;
    }
    assert_int_equal(n, 1024);
    shk_session extra = 5;
    assert_int_equal(shk_open(host->config, -1, &extra), SHK_E_TOO_MANY);
    assert_int_equal(extra, 0);
    while (n > 0) {
        assert_int_equal(shk_close(all[--n]), SHK_OK);
    }
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, api_setup, api_teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_first_open_neither_stops_nor_marks_a_host_that_traps_divisions), /* the first */
        CASE(a_check_gives_values_by_path),
        CASE(a_text_that_does_not_fit_is_cut_between_characters),
        CASE(absent_unknown_and_wrong_type_are_three_things),
        CASE(padded_arguments_are_taken_as_cobol_passes_them),
        CASE(a_stale_handle_is_a_code_everywhere),
        CASE(bad_arguments_are_refused),
        CASE(a_query_goes_through_the_door),
        CASE(a_failed_open_has_its_words_on_the_same_thread),
        CASE(code_page_932_is_spoken_when_asked_for),
        CASE(documents_are_delivered_and_readable),
        CASE(one_failed_delivery_does_not_hold_up_the_next),
        CASE(an_answer_of_no_entitlement_is_delivered_only_when_asked_for),
        CASE(each_fault_is_read_with_its_own_event),
        CASE(deliveries_that_cannot_work_are_refused_before_any_patient),
        CASE(a_refused_argument_has_words_too),
        CASE(the_hosts_floating_point_and_errno_are_left_alone),
        CASE(a_wrong_pin_counts_down_to_blocked),
        CASE(a_thousand_sessions_can_be_open_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
