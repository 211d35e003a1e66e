/* The job of the readers: what a host is told of each, and what is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "readers_values.h"
#include "session_stage.h"
#include "virtual_card.h"

#define FELICA "\x3B\x8F\x80\x01\x80\x4F\x0C\xA0\x00\x00\x03\x06\x11\x00\x3B\x00\x00\x00\x00\x42"

/* What the service shows; the desk's own card lies on the reader with the virtual card's name. */
static struct reader_list shown;
static int32_t list_code, connect_code;
static struct card_ops ops;
static const struct card_ops *desk_ops;

static int32_t list(void *self, struct reader_list *out, struct fault *why) {
    (void)self;
    *out = list_code == SHK_OK ? shown : (struct reader_list){0};
    return list_code == SHK_OK ? SHK_OK : fault_raise(why, list_code);
}

static int32_t connect_card(void *self, const char *reader, struct fault *why) {
    int32_t code = connect_code == SHK_OK && !text_equal(reader, CARD_VIRTUAL_READER)
                       ? SHK_E_NO_READER
                       : connect_code;
    return code == SHK_OK ? desk_ops->connect(self, reader, why) : fault_raise(why, code);
}

static struct reader_state *show_reader(const char *name, bool card) {
    struct reader_state *r = &shown.at[shown.n++];
    *r = (struct reader_state){.card_present = card};
    text_copy(r->name, sizeof r->name, name);
    return r;
}

static int open_desk(void **state) {
    int rc = stage_open(state);
    struct stage *f = *state;
    if (rc != 0) {
        return rc;
    }
    shown = (struct reader_list){0};
    list_code = connect_code = SHK_OK;
    desk_ops = f->session->env.card;
    ops = *desk_ops;
    ops.list = list;
    ops.connect = connect_card;
    f->session->env.card = &ops;
    return 0;
}

static void put(struct stage *f, const char *path, const char *text) {
    assert_int_equal(session_put(f->session, path, (const uint8_t *)text, strlen(text)), SHK_OK);
}

static void run(struct stage *f, bool probe, int32_t code) {
    put(f, "readers.probe", probe ? "yes" : "");
    assert_int_equal(session_start(f->session, SHK_JOB_READERS), SHK_OK);
    stage_expect(f, SHK_EVENT_READERS);
    if (code != SHK_OK) {
        stage_expect(f, SHK_EVENT_FAULT);
    }
    stage_expect(f, SHK_EVENT_DONE);
    assert_int_equal(stage_number(f, "fault.code"), code);
    assert_int_equal(f->desk.card.verifies, 0);
    assert_false(f->desk.card.in_transaction);
}

static void assert_value(struct stage *f, const char *path, const char *value) {
    assert_string_equal(stage_read(f, path).text, value);
}

static void assert_holds(struct stage *f, const char *path, const char *part) {
    if (strstr(stage_read(f, path).text, part) == NULL) {
        fail_msg("%s is %s", path, stage_read(f, path).text);
    }
}

static void a_card_that_works_is_tried_and_measured(void **state) {
    struct stage *f = *state;
    f->desk.card.traits = (struct reader_traits){.vendor = "Maker",
                                                 .driver_version = "1.2.3",
                                                 .usb_vendor = 0x054C,
                                                 .usb_product = 0x0DC8,
                                                 .says_size = true,
                                                 .apdu_max = 65536};
    show_reader(CARD_VIRTUAL_READER, true);
    run(f, true, SHK_OK);
    assert_value(f, "readers[1].name", CARD_VIRTUAL_READER);
    assert_value(f, "readers[1].verdict_name", "USABLE");
    assert_value(f, "readers[1].verdict", "このリーダーは使えます。");
    assert_value(f, "readers[1].verdict_en", "This reader can be used.");
    assert_int_equal(stage_number(f, "readers[1].usable"), 1);
    assert_value(f, "readers[1].extended", "yes");
    assert_value(f, "readers[1].short_ids", "yes");
    assert_value(f, "readers[1].driver", "Maker 1.2.3");
    assert_value(f, "readers[1].usb", "054C:0DC8");
    assert_value(f, "readers[1].listed", "Sony RC-S300");
    assert_int_equal(stage_read(f, "readers[1].listed_official").number, SHK_E_ABSENT);
    assert_int_equal(stage_number(f, "readers[1].pin_pad"), 0);
    assert_int_equal(stage_number(f, "readers[1].kind"), SHK_CARD_MYNUMBER);
    assert_value(f, "readers[1].kind_name", "mynumber");
    assert_value(f, "readers[1].card_name", "マイナンバーカード");
    assert_true(stage_number(f, "readers[1].apdu_us") >= 0);
    assert_value(f, "readers.service", "running");
    assert_true(stage_number(f, "readers.bits") == 64 || stage_number(f, "readers.bits") == 32);
    assert_int_equal(strlen(stage_read(f, "readers.list_date").text), 10);
    assert_int_equal(stage_read(f, "readers.verdict").number, SHK_E_ABSENT);
}

static void a_quick_list_touches_no_card(void **state) {
    struct stage *f = *state;
    show_reader(CARD_VIRTUAL_READER, true);
    run(f, false, SHK_OK);
    assert_int_equal(f->desk.card.connects, 0);
    assert_int_equal(stage_number(f, "readers[1].card"), 1);
    assert_value(f, "readers[1].verdict_name", "UNTRIED");
    assert_value(f, "readers[1].extended", "unknown");
    assert_int_equal(stage_read(f, "readers[1].usable").number, SHK_E_ABSENT);
    assert_int_equal(stage_read(f, "readers[1].pin_pad").number, SHK_E_ABSENT);
}

/* A card that is surely another one, a slot for none, a card that is mute or held: nothing is sent. */
static void what_must_be_left_alone_is(void **state) {
    struct stage *f = *state;
    struct reader_state *felica = show_reader("A reader", true);
    memcpy(felica->atr, FELICA, 20);
    felica->atr_len = 20;
    show_reader("Maker Dual [SAM Interface] 00 01", true);
    show_reader("A mute one", true)->mute = true;
    show_reader("A held one", true)->exclusive = true;
    run(f, true, SHK_OK);
    assert_int_equal(f->desk.card.connects, 0);
    assert_value(f, "readers[1].verdict_name", "OTHER_CARD");
    assert_value(f, "readers[1].kind_name", "felica");
    assert_int_equal(stage_number(f, "readers[1].kind"), SHK_CARD_OTHER);
    assert_holds(f, "readers[1].verdict", "交通系ICカード");
    assert_holds(f, "readers[1].verdict_en", "FeliCa");
    assert_value(f, "readers[2].verdict_name", "SAM_SLOT");
    assert_value(f, "readers[3].verdict_name", "MUTE");
    assert_true(strncmp(stage_read(f, "readers[4].verdict_name").text, "HELD", 4) == 0);
    for (int i = 1; i <= 4; i++) {
        char path[32];
        (void)snprintf(path, sizeof path, "readers[%d].usable", i);
        assert_int_equal(stage_number(f, path), 0);
    }
}

static void a_reader_without_a_card_is_judged_by_the_list(void **state) {
    static const struct {
        const char *name, *verdict;
    } readers[] = {
        {"SONY FeliCa Port/PaSoRi 4.0 0", "LISTED_GOOD"},
        {"HID Global OMNIKEY 3x21 Smart Card Reader 0", "LISTED_SHORT"},
        {"ACS ACR1252 1S CL Reader [PICC] 00 00", "NO_CARD"},
        {"Nobody knows it 0", "NO_CARD"},
        {"Some Dual ICC 0", "CONTACT_SLOT"},
        {"SAMSUNG reader 0", "NO_CARD"},
    };
    struct stage *f = *state;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        show_reader(readers[i].name, false);
    }
    run(f, true, SHK_OK);
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        char path[48];
        (void)snprintf(path, sizeof path, "readers[%d].verdict_name", (int)i + 1);
        assert_value(f, path, readers[i].verdict);
        (void)snprintf(path, sizeof path, "readers[%d].card_name", (int)i + 1);
        assert_int_equal(stage_read(f, path).number, SHK_E_ABSENT);
    }
    assert_holds(f, "readers[1].verdict", stage_read(f, "readers.list_date").text);
    assert_holds(f, "readers[3].listed_note", "失敗したという報告");
    assert_int_equal(stage_read(f, "readers[1].usable").number, SHK_E_ABSENT);
}

static void what_connecting_came_to_is_a_sentence(void **state) {
    static const struct {
        int32_t code;
        const char *verdict;
    } cases[] = {
        {SHK_E_CARD_MUTE, "MUTE"},   {SHK_E_CARD_REMOVED, "REMOVED"},
        {SHK_E_READER, "DRIVER"},    {SHK_E_CARD_HANGS, "HANGS"},
        {SHK_E_NO_READER, "DRIVER"}, {SHK_E_CARD_RESET, "ODD_ANSWER"},
    };
    struct stage *f = *state;
    show_reader(CARD_VIRTUAL_READER, true);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        connect_code = cases[i].code;
        run(f, true, SHK_OK);
        assert_value(f, "readers[1].verdict_name", cases[i].verdict);
    }
    connect_code = SHK_E_CARD_BUSY;
    run(f, true, SHK_OK);
    assert_true(strncmp(stage_read(f, "readers[1].verdict_name").text, "HELD", 4) == 0);
}

static void one_bad_reader_does_not_hide_the_next(void **state) {
    struct stage *f = *state;
    show_reader("Not the desk's", true);
    show_reader(CARD_VIRTUAL_READER, true);
    run(f, true, SHK_OK);
    assert_value(f, "readers[1].verdict_name", "DRIVER");
    assert_value(f, "readers[2].verdict_name", "USABLE");
}

static void no_service_no_library_and_no_reader_are_values_too(void **state) {
    static const struct {
        int32_t code;
        const char *service, *word;
    } cases[] = {
        {SHK_E_NO_SERVICE, "stopped", "pcscd"},
        {SHK_E_NO_PCSC, "missing", "PC/SC"},
        {SHK_OK, "running", "カードリーダーが見つかりません"},
    };
    struct stage *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        list_code = cases[i].code;
        run(f, true, list_code == SHK_OK ? SHK_E_NO_READER : list_code);
        assert_value(f, "readers.service", cases[i].service);
        assert_holds(f, "readers.verdict", cases[i].word);
        int32_t n = -1;
        assert_int_equal(values_count(f->session, "readers", 7, &n), SHK_OK);
        assert_int_equal(n, 0);
    }
}

static void a_list_of_ones_own_takes_the_place_of_the_built_in_one(void **state) {
    struct stage *f = *state;
    char path[64] = "/tmp/shikaku-readers-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    assert_true(
        fputs("return { date = '2027-01-31', readers = { { model = 'Mine', names = { 'mine' }, "
              "usable = 'no', official = 'yes', note = '使えません。', note_en = 'No.', source = "
              "'us', "
              "sure = 'tried' } } }",
              file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(session_set(f->session, "reader_list", path), SHK_OK);
    show_reader("MINE 0", false);
    run(f, true, SHK_OK);
    assert_value(f, "readers.list_date", "2027-01-31");
    assert_value(f, "readers[1].verdict_name", "LISTED_BAD");
    assert_value(f, "readers[1].listed", "Mine");
    assert_value(f, "readers[1].listed_official", "yes");
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("return { date = '2027-01-31',\n reader = 1 }", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(session_start(f->session, SHK_JOB_READERS), SHK_OK);
    stage_expect(f, SHK_EVENT_FAULT);
    assert_int_equal(stage_number(f, "fault.code"), SHK_E_CONFIG_VALUE);
    assert_holds(f, "fault.where", ":2 reader");
    (void)remove(path);
}

static void only_yes_and_no_are_answers(void **state) {
    struct stage *f = *state;
    put(f, "readers.probe", "si");
    assert_int_equal(session_start(f->session, SHK_JOB_READERS), SHK_E_INPUT);
    put(f, "readers.probe", "no");
    assert_int_equal(session_start(f->session, SHK_JOB_READERS), SHK_OK);
}

/* What the card and the reader came to, without a card at hand. */
static enum reader_verdict judge(struct probe probe, enum phone_rule phone) {
    const struct identity_rules rules = {.phone = phone};
    struct reader_facts facts = {.probed = true, .probe = probe};
    facts.probe.application = facts.state.card_present = true;
    return verdict_of(&facts, NULL, &rules);
}

static void every_outcome_of_a_probe_has_its_sentence(void **state) {
    (void)state;
    const struct probe card = {.kind = SHK_CARD_MYNUMBER, .extended = TRIAL_WORKS};
    struct probe p = card;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_USABLE);
    p.certificate_known = true;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_NO_CERTIFICATE);
    p = card;
    p.extended = TRIAL_BROKE;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_SHORT_READER);
    p.extended = TRIAL_REFUSED;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_SHORT_CARD);
    p.traits.says_size = true;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_SHORT_READER);
    p.extended = TRIAL_NONE;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_SHORT_UNTRIED);
    p.kind = SHK_CARD_JUKI;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_JUKI_CARD);
    p.kind = SHK_CARD_ANDROID;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_PHONE);
    assert_int_equal(judge(p, PHONE_NONE), VERDICT_PHONE_REFUSED);
    p.kind = SHK_CARD_IPHONE;
    assert_int_equal(judge(p, PHONE_ANDROID), VERDICT_PHONE_REFUSED);
    assert_int_equal(judge(p, PHONE_ANY), VERDICT_PHONE);
}

static void no_reader_reads_differently_far_away_and_on_windows(void **state) {
    (void)state;
    const struct seat here = {"local", 64, false}, far = {"remote", 64, true},
                      shell = {"ssh", 64, false}, service = {"service", 64, true};
    assert_int_equal(verdict_of_none(SHK_E_NO_READER, &here), VERDICT_NO_READER);
    assert_int_equal(verdict_of_none(SHK_E_NO_READER, &far), VERDICT_NO_READER_REMOTE);
    assert_int_equal(verdict_of_none(SHK_E_NO_READER, &shell), VERDICT_NO_READER_REMOTE);
    assert_int_equal(verdict_of_none(SHK_E_NO_READER, &service), VERDICT_NO_READER);
    assert_int_equal(verdict_of_none(SHK_E_NO_SERVICE, &here), VERDICT_STOPPED_POSIX);
    assert_int_equal(verdict_of_none(SHK_E_NO_SERVICE, &far), VERDICT_STOPPED_WINDOWS);
    assert_int_equal(verdict_of_none(SHK_E_NO_PCSC, &here), VERDICT_MISSING_POSIX);
    assert_int_equal(verdict_of_none(SHK_E_NO_PCSC, &far), VERDICT_MISSING_WINDOWS);
    assert_int_equal(verdict_of_none(SHK_E_CARD_HANGS, &far), VERDICT_TROUBLE);
}

/* Words go where they belong, and a sentence never runs over its room. */
static void sentences_are_filled_in_and_fit(void **state) {
    (void)state;
    char long_name[2000], out[1024], small[40];
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const struct verdict_words words = {"犬のカード", "dog card", "a, b", "2026-11-29"};
    const struct verdict_words much = {long_name, long_name, long_name, long_name};
    for (int v = 0; v < VERDICT_COUNT; v++) {
        for (int english = 0; english < 2; english++) {
            verdict_say((enum reader_verdict)v, &words, english, out, sizeof out);
            size_t n = strlen(out);
            assert_null(strpbrk(out, "{}"));
            assert_true(english ? out[n - 1] == '.' : strcmp(out + n - 3, "。") == 0);
            verdict_say((enum reader_verdict)v, &much, english, out, sizeof out);
            assert_true(strlen(out) < sizeof out);
            verdict_say((enum reader_verdict)v, &words, english, small, sizeof small);
            assert_true(strlen(small) < sizeof small);
        }
    }
    verdict_say(VERDICT_HELD, &words, true, out, sizeof out);
    assert_non_null(strstr(out, "(it may be a, b)"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_desk, stage_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_card_that_works_is_tried_and_measured),
        CASE(a_quick_list_touches_no_card),
        CASE(what_must_be_left_alone_is),
        CASE(a_reader_without_a_card_is_judged_by_the_list),
        CASE(what_connecting_came_to_is_a_sentence),
        CASE(one_bad_reader_does_not_hide_the_next),
        CASE(no_service_no_library_and_no_reader_are_values_too),
        CASE(a_list_of_ones_own_takes_the_place_of_the_built_in_one),
        CASE(only_yes_and_no_are_answers),
        cmocka_unit_test(every_outcome_of_a_probe_has_its_sentence),
        cmocka_unit_test(no_reader_reads_differently_far_away_and_on_windows),
        cmocka_unit_test(sentences_are_filled_in_and_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
