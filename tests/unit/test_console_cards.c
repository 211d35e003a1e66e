/* What the console says of cards and readers: keys of a reader, the last try, notices, verdicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "console_stage.h"

static const int32_t asked[] = {SHK_EVENT_CARD, SHK_EVENT_PIN, SHK_EVENT_DONE};
static const struct stage_value eligible[] = {{"outcome", "1"}, {NULL, NULL}};

static void ask(const struct stage_value *pin) {
    stage.events = asked;
    stage.values = eligible;
    stage.more = pin;
}

static void assert_in(const char *whole, const char *words) {
    if (strstr(whole, words) == NULL) {
        fail_msg("%s is not in\n%s", words, whole);
    }
}

static const struct stage_value keys[] = {
    {"pin.pad", "1"}, {"pin.last_try", "0"}, {"pin.tries_left", "3"}, {NULL, NULL}};
static const struct stage_value keys_once[] = {
    {"pin.pad", "1"}, {"pin.last_try", "1"}, {"pin.tries_left", "1"}, {NULL, NULL}};

static void the_pin_is_typed_on_the_reader(void **state) {
    (void)state;
    stage.terminal = true;
    ask(keys);
    assert_int_equal(RUN("check"), EXIT_ELIGIBLE);
    assert_told("リーダーのキーで暗証番号(4桁)を入力してください(残り3回)");
    assert_string_equal(stage.pins, "");
    assert_string_equal(stage.prompts, "");
    assert_int_equal(RUN("check", "--quiet"), EXIT_ELIGIBLE);
    assert_told("リーダーのキーで暗証番号(4桁)を入力してください(残り3回)");
}

static void a_counter_that_is_not_known_is_not_made_up(void **state) {
    static const struct stage_value unknown[] = {{"pin.pad", "1"}, {NULL, NULL}};
    (void)state;
    ask(unknown);
    assert_int_equal(RUN("check", "--lang", "en"), EXIT_ELIGIBLE);
    assert_told("Type the PIN (4 digits) on the reader\n");
    assert_string_equal(stage.pins, "");
}

/* What comes from a descriptor is not sent to a reader that asks for itself. */
static void a_program_is_told_of_the_keys(void **state) {
    static const char *const given[] = {"1234", NULL};
    (void)state;
    stage.given = given;
    ask(keys);
    assert_int_equal(RUN("check", "--json", "--pin-fd", "0"), EXIT_ELIGIBLE);
    assert_told("{\"event\":\"pin\",\"tries_left\":3,\"last_try\":0,\"pad\":1}");
    assert_string_equal(stage.pins, "");
}

static void the_last_try_on_the_keys_waits_for_a_yes(void **state) {
    static const char *const yes[] = {"y", NULL};
    (void)state;
    stage.terminal = true;
    stage.typed = yes;
    ask(keys_once);
    assert_int_equal(RUN("check"), EXIT_ELIGIBLE);
    assert_in(stage.prompts, "残り1回です");
    assert_string_equal(stage.pins, "/1;");
    assert_told("リーダーのキーで");
}

static void a_no_or_an_empty_line_spends_nothing_on_the_keys(void **state) {
    static const char *const answers[] = {"n", "", "1234"};
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        const char *const typed[] = {answers[i], NULL};
        assert_int_equal(console_stage_open(state), 0);
        stage.terminal = true;
        stage.typed = typed;
        ask(keys_once);
        (void)RUN("check");
        assert_int_equal(stage.cancels, 1);
        assert_string_equal(stage.pins, "");
        assert_not_told("リーダーのキーで");
    }
}

/* A person is told and asked again. */
static void the_same_wrong_digits_are_asked_for_again(void **state) {
    static const int32_t again[] = {SHK_EVENT_CARD, SHK_EVENT_PIN, SHK_EVENT_FAULT, SHK_EVENT_PIN,
                                    SHK_EVENT_DONE};
    static const char *const typed[] = {"9999", "1234", NULL};
    static const struct stage_value same[] = {{"fault.code", "-1217"},
                                              {"fault.name", "PIN_SAME"},
                                              {"fault.message", "同じ番号です。"},
                                              {"pin.tries_left", "2"},
                                              {NULL, NULL}};
    (void)state;
    stage.terminal = true;
    stage.typed = typed;
    stage.events = again;
    stage.values = eligible;
    stage.more = same;
    (void)RUN("check");
    assert_in(stage.errors, "同じ番号です。");
    assert_string_equal(stage.pins, "9999/0;1234/0;");
    assert_int_equal(stage.cancels, 0);
}

static void without_a_person_the_last_try_needs_the_option(void **state) {
    (void)state;
    ask(keys_once);
    (void)RUN("check", "--pin-fd", "0");
    assert_int_equal(stage.cancels, 1);
    assert_string_equal(stage.pins, "");
    assert_in(stage.errors, "--last-try");
    assert_int_equal(console_stage_open(state), 0);
    ask(keys_once);
    assert_int_equal(RUN("check", "--last-try"), EXIT_ELIGIBLE);
    assert_string_equal(stage.pins, "/1;");
    assert_string_equal(stage.prompts, "");
}

static void a_last_try_that_was_not_sent_names_the_option(void **state) {
    static const char *const given[] = {"1234", NULL};
    static const struct stage_value once[] = {{"pin.last_try", "1"},
                                              {"fault.code", "-1204"},
                                              {"fault.name", "PIN_LAST_TRY"},
                                              {"fault.message", "あと1回です。"},
                                              {NULL, NULL}};
    (void)state;
    stage.given = given;
    stage.pin_result = SHK_E_PIN_LAST_TRY;
    ask(once);
    (void)RUN("check", "--pin-fd", "0");
    assert_string_equal(stage.pins, "1234/0;");
    assert_int_equal(stage.cancels, 1);
    assert_in(stage.errors, "あと1回です。");
    assert_in(stage.errors, "--last-try");
}

static void the_reader_is_named_where_there_are_several(void **state) {
    static const struct stage_value two[] = {{"#readers", "2"},
                                             {"card.reader", "見本リーダー 1"},
                                             {"pin.tries_left", "3"},
                                             {"pin.last_try", "0"},
                                             {NULL, NULL}};
    static const struct stage_value one[] = {{"#readers", "1"},
                                             {"card.reader", "見本リーダー 1"},
                                             {"pin.tries_left", "3"},
                                             {"pin.last_try", "0"},
                                             {NULL, NULL}};
    static const struct stage_value pad[] = {{"#readers", "2"},
                                             {"card.reader", "見本リーダー 1"},
                                             {"pin.pad", "1"},
                                             {"pin.last_try", "0"},
                                             {NULL, NULL}};
    static const char *const typed[] = {"1234", NULL};
    const struct stage_value *const cases[] = {two, one};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(console_stage_open(state), 0);
        stage.terminal = true;
        stage.typed = typed;
        ask(cases[i]);
        assert_int_equal(RUN("check"), EXIT_ELIGIBLE);
        const char *named = strstr(stage.prompts, "リーダー: 見本リーダー 1。暗証番号");
        assert_true((named != NULL) == (i == 0));
    }
    assert_int_equal(console_stage_open(state), 0);
    ask(pad);
    assert_int_equal(RUN("check", "--lang", "en"), EXIT_ELIGIBLE);
    assert_told("Reader: 見本リーダー 1. Type the PIN (4 digits) on the reader");
    assert_int_equal(console_stage_open(state), 0);
    ask(pad);
    assert_int_equal(RUN("check", "--json"), EXIT_ELIGIBLE);
    assert_told("\"pad\":1,\"reader\":\"見本リーダー 1\"}");
}

static const struct stage_value code[] = {
    {"pin.kind", "3"}, {"pin.tries_left", "2"}, {"pin.last_try", "0"}, {NULL, NULL}};

/* The year of birth is the era's, which nobody guesses. */
static void the_number_on_the_face_is_explained(void **state) {
    static const char *const typed[] = {"55040120350000", NULL};
    (void)state;
    stage.terminal = true;
    stage.typed = typed;
    ask(code);
    (void)RUN("person");
    assert_in(stage.prompts, "照合番号B");
    assert_in(stage.prompts, "券面の年の下2桁");
    assert_in(stage.prompts, "(残り2回)");
    assert_string_equal(stage.pins, "55040120350000/0;");
    assert_int_equal(console_stage_open(state), 0);
    stage.terminal = true;
    stage.typed = typed;
    ask(code);
    (void)RUN("person", "--lang", "en");
    assert_in(stage.prompts, "as the face has it");
    assert_in(stage.prompts, "tries left: 2");
}

static const struct stage_value ends[] = {{"notice", "1"},
                                          {"notice.message", "有効期限は2026年12月20日です。"},
                                          {"notice.message_en", "It ends on 2026-12-20."},
                                          {"card.expires_on", "2026-12-20"},
                                          {"card.days_left", "20"},
                                          {NULL, NULL}};
static const int32_t noticed[] = {SHK_EVENT_CARD, SHK_EVENT_NOTICE, SHK_EVENT_DONE};

static void a_notice_is_said_and_the_check_goes_on(void **state) {
    (void)state;
    stage.events = noticed;
    stage.values = eligible;
    stage.more = ends;
    assert_int_equal(RUN("check", "--quiet"), EXIT_ELIGIBLE);
    assert_told("有効期限は2026年12月20日です。\n");
    assert_int_equal(RUN("check", "--lang", "en"), EXIT_ELIGIBLE);
    assert_told("It ends on 2026-12-20.\n");
    assert_int_equal(RUN("check", "--json"), EXIT_ELIGIBLE);
    assert_told("{\"event\":\"notice\",\"notice\":1,\"message\":\"有効期限は2026年12月20日です。\","
                "\"message_en\":\"It ends on 2026-12-20.\",\"expires_on\":\"2026-12-20\","
                "\"days_left\":20}\n");
}

static void a_card_of_another_kind_is_named(void **state) {
    static const int32_t refused[] = {SHK_EVENT_CARD, SHK_EVENT_FAULT, SHK_EVENT_DONE};
    static const struct stage_value other[] = {{"fault.code", "-1108"},
                                               {"fault.name", "NOT_MYNUMBER"},
                                               {"fault.message", "違うカードです。"},
                                               {"card.name", "FeliCa のカード"},
                                               {"card.name_en", "FeliCa card"},
                                               {NULL, NULL}};
    (void)state;
    stage.events = refused;
    stage.values = other;
    assert_int_equal(RUN("check"), EXIT_FAULT);
    assert_in(stage.errors, "置かれているカード: FeliCa のカード\n");
    assert_int_equal(RUN("check", "--lang", "en"), EXIT_FAULT);
    assert_in(stage.errors, "The card seems to be: FeliCa card\n");
    assert_int_equal(RUN("check", "--json"), EXIT_FAULT);
    assert_string_equal(stage.errors, "");
    assert_told("\"name\":\"FeliCa のカード\"");
}

/* Others may be there: the cable is not what is wrong. */
static void a_configured_reader_that_is_missing_is_told_apart(void **state) {
    static const int32_t events[] = {SHK_EVENT_FAULT, SHK_EVENT_DONE};
    static const struct stage_value named[] = {
        {"fault.code", "-1103"}, {"fault.stage", "1"}, {"fault.where", "reader"}, {NULL, NULL}};
    static const struct stage_value none[] = {{"fault.where", "SCardListReaders"}, {NULL, NULL}};
    (void)state;
    stage.events = events;
    stage.values = named;
    assert_int_equal(RUN("check"), EXIT_FAULT);
    assert_in(stage.errors, "設定の reader に書かれたリーダーがありません");
    assert_in(stage.errors, "shikaku readers --quick");
    stage.more = none;
    assert_int_equal(RUN("check"), EXIT_FAULT);
    assert_null(strstr(stage.errors, "設定の reader"));
}

static const struct stage_value two[] = {{"readers.service", "running"},
                                         {"readers.session", "remote"},
                                         {"readers.bits", "32"},
                                         {"readers.list_date", "2026-11-29"},
                                         {"#readers", "2"},
                                         {"readers[1].name", "見本リーダー 0"},
                                         {"readers[1].card", "1"},
                                         {"readers[1].usable", "1"},
                                         {"readers[1].verdict", "使えます。"},
                                         {"readers[1].verdict_en", "It can be used."},
                                         {"readers[1].card_name", "マイナンバーカード"},
                                         {"readers[1].card_name_en", "My Number Card"},
                                         {"readers[1].extended", "refused"},
                                         {"readers[1].short_ids", "unknown"},
                                         {"readers[1].pin_pad", "1"},
                                         {"readers[1].apdu_us", "12345"},
                                         {"readers[1].driver", "Maker 1.2.3"},
                                         {"readers[1].holder", "shiharai"},
                                         {"readers[2].name", "見本リーダー 1"},
                                         {"readers[2].card", "0"},
                                         {"readers[2].verdict", "まだわかりません。"},
                                         {NULL, NULL}};
static const int32_t listed[] = {SHK_EVENT_READERS, SHK_EVENT_DONE};

static void each_reader_has_its_verdict(void **state) {
    (void)state;
    stage.events = listed;
    stage.values = two;
    assert_int_equal(RUN("readers"), EXIT_ELIGIBLE);
    assert_in(stage.puts, "readers.probe=yes;");
    assert_told("カードのサービス: 動いています  画面: 遠隔操作の画面  32 ビット  機種の一覧: "
                "2026-11-29\n"
                "見本リーダー 0\n"
                "  使えます。\n"
                "    カード: マイナンバーカード\n"
                "    拡張 Lc/Le: 断られた\n"
                "    暗証番号のキー: あり\n"
                "    一回の応答: 12.3 ミリ秒\n"
                "    カードを使っているかもしれないソフト: shiharai\n"
                "    ドライバー: Maker 1.2.3\n"
                "見本リーダー 1\n"
                "  まだわかりません。\n");
    assert_int_equal(RUN("readers", "--lang", "en"), EXIT_ELIGIBLE);
    assert_told("session: remote desktop  32 bit");
    assert_told("  It can be used.\n    card: My Number Card\n    extended Lc/Le: refused\n"
                "    keys for the PIN: yes\n    one answer: 12.3 ms\n");
}

static void none_that_is_known_to_be_usable_is_another_exit_code(void **state) {
    static const struct stage_value no[] = {{"readers[1].usable", "0"}, {NULL, NULL}};
    (void)state;
    stage.events = listed;
    stage.values = two;
    stage.more = no;
    assert_int_equal(RUN("readers"), EXIT_NOT_ELIGIBLE);
    stage.puts[0] = '\0';
    assert_int_equal(RUN("readers", "--quick"), EXIT_ELIGIBLE);
    assert_null(strstr(stage.puts, "readers.probe"));
    assert_told("見本リーダー 0: カードあり\n見本リーダー 1: カードなし\n");
    assert_not_told("使えます");
}

/* "There is no reader" sends somebody to the cable. */
static void a_stopped_service_is_no_missing_reader(void **state) {
    static const int32_t events[] = {SHK_EVENT_READERS, SHK_EVENT_FAULT, SHK_EVENT_DONE};
    static const struct stage_value stopped[] = {
        {"readers.service", "stopped"},
        {"readers.verdict", "サービスが動いていません。"},
        {"readers.verdict_en", "The service does not run."},
        {"#readers", "0"},
        {"fault.code", "-1102"},
        {"fault.name", "NO_SERVICE"},
        {NULL, NULL}};
    (void)state;
    stage.events = events;
    stage.values = stopped;
    assert_int_equal(RUN("readers", "--quick"), EXIT_FAULT);
    assert_told("サービスが動いていません。\n");
    assert_not_told("カードリーダーがありません");
    assert_int_equal(RUN("readers", "--quick", "--lang", "en"), EXIT_FAULT);
    assert_told("The service does not run.\n");
}

static void a_desk_is_told_that_the_readers_changed(void **state) {
    static const int32_t events[] = {SHK_EVENT_WAITING, SHK_EVENT_READERS, SHK_EVENT_DONE};
    (void)state;
    stage.events = events;
    stage.values = two;
    (void)RUN("watch");
    assert_told("カードリーダーが変わりました\n見本リーダー 0: カードあり\n見本リーダー 1: "
                "カードなし\n");
    (void)RUN("watch", "--json");
    assert_told("\"readers\":[{\"name\":\"見本リーダー 0\",\"card\":true,");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONSOLE_CASE(the_pin_is_typed_on_the_reader),
        CONSOLE_CASE(the_reader_is_named_where_there_are_several),
        CONSOLE_CASE(a_counter_that_is_not_known_is_not_made_up),
        CONSOLE_CASE(a_program_is_told_of_the_keys),
        CONSOLE_CASE(the_last_try_on_the_keys_waits_for_a_yes),
        CONSOLE_CASE(the_same_wrong_digits_are_asked_for_again),
        CONSOLE_CASE(a_no_or_an_empty_line_spends_nothing_on_the_keys),
        CONSOLE_CASE(without_a_person_the_last_try_needs_the_option),
        CONSOLE_CASE(a_last_try_that_was_not_sent_names_the_option),
        CONSOLE_CASE(the_number_on_the_face_is_explained),
        CONSOLE_CASE(a_notice_is_said_and_the_check_goes_on),
        CONSOLE_CASE(a_card_of_another_kind_is_named),
        CONSOLE_CASE(a_configured_reader_that_is_missing_is_told_apart),
        CONSOLE_CASE(each_reader_has_its_verdict),
        CONSOLE_CASE(none_that_is_known_to_be_usable_is_another_exit_code),
        CONSOLE_CASE(a_stopped_service_is_no_missing_reader),
        CONSOLE_CASE(a_desk_is_told_that_the_readers_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
