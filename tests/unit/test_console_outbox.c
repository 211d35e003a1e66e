/* What is said of a delivery that waits, was repeated or is of a known patient, and of the outbox. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "console_stage.h"

static const struct stage_value values[] = {
    {"outcome", "1"},
    {"#records", "1"},
    {"records[1].name", "見本　太郎"},
    {"#delivery", "1"},
    {"delivery[1].id", "a-1"},
    {"delivery[1].script", "kanja.lua"},
    {"outbox.waiting", "2"},
    {"outbox.undecided", "1"},
    {"outbox.delivered", "4"},
    {NULL, NULL},
};
static const int32_t delivered[] = {SHK_EVENT_ANSWER, SHK_EVENT_DELIVERED, SHK_EVENT_DONE};
static const struct stage_value waiting[] = {{"delivery[1].waiting", "1"},
                                             {"delivery[1].attempt", "2"},
                                             {"delivery[1].fault.code", "-1612"},
                                             {"delivery[1].fault.stage", "6"},
                                             {"delivery[1].fault.message", "つながりません。"},
                                             {"fault.code", "-1612"},
                                             {"fault.stage", "6"},
                                             {NULL, NULL}};
static const struct stage_value undecided[] = {{"delivery[1].waiting", "1"},
                                               {"delivery[1].fault.code", "-1619"},
                                               {"delivery[1].fault.stage", "6"},
                                               {"fault.code", "-1619"},
                                               {"fault.stage", "6"},
                                               {NULL, NULL}};
static const struct stage_value known[] = {{"delivery[1].file", "out/a.csv"},
                                           {"delivery[1].patient", "00012"},
                                           {"delivery[1].grade", "2"},
                                           {"delivery[1].repeated", "1"},
                                           {"delivery[1].warning", "K3 住所なし"},
                                           {NULL, NULL}};

static void begin(const struct stage_value *more, const int32_t *events) {
    assert_int_equal(console_stage_open(NULL), 0);
    stage.values = values;
    stage.more = more;
    stage.events = events;
}

static void what_waits_is_said_to_be_kept(void **state) {
    (void)state;
    begin(waiting, delivered);
    assert_int_equal(RUN("check"), 3);
    assert_told("渡せませんでした。保存してあり、あとで自動的に渡します: kanja.lua\n");
    begin(undecided, delivered);
    assert_int_equal(RUN("check"), 3);
    assert_told(
        "患者が決まらないため、渡していません。保存してあり、shikaku outbox ask で決められます: "
        "kanja.lua\n");
    assert_not_told("自動的に");
    begin(waiting, delivered);
    assert_int_equal(RUN("check", "--json"), 3);
    assert_told("\"id\":\"a-1\",\"script\":\"kanja.lua\",\"attempt\":2,\"waiting\":true,"
                "\"fault\":{\"code\":-1612,");
    assert_not_told("repeated");
    begin(waiting, delivered);
    assert_int_equal(RUN("import", "--json", "a.xml"), 3);
    assert_told("\"record\":1,\"attempt\":2,\"waiting\":true,\"fault\":{\"code\":-1612,");
}

static void patient_repetition_and_warning_are_said(void **state) {
    (void)state;
    begin(known, delivered);
    assert_int_equal(RUN("check"), 0);
    assert_told("同じ回答をすでに渡しています: out/a.csv\n");
    assert_told("  患者番号: 00012 (同じ人で、保険が変わっています)\n");
    assert_told("  渡し先からの注意: K3 住所なし\n");
    begin(known, delivered);
    assert_int_equal(RUN("check", "--json"), 0);
    assert_told("\"patient\":\"00012\",\"grade\":\"changed\",\"repeated\":true,"
                "\"warning\":\"K3 住所なし\"");
    assert_not_told("waiting");
}

static void a_plain_delivery_is_told_as_before(void **state) {
    static const struct stage_value plain[] = {{"delivery[1].file", "out/a.csv"}, {NULL, NULL}};
    (void)state;
    begin(plain, delivered);
    assert_int_equal(RUN("check"), 0);
    assert_string_equal(stage.told, "資格あり\n  name                            見本　太郎\n"
                                    "渡しました: out/a.csv\n");
    begin(plain, delivered);
    assert_int_equal(RUN("check", "--json"), 0);
    assert_told("{\"event\":\"delivered\",\"number\":1,\"delivery\":{\"id\":\"a-1\",\"file\":"
                "\"out/a.csv\",\"script\":\"kanja.lua\"}}\n");
}

static void the_outbox_is_one_line_when_it_changes(void **state) {
    static const int32_t events[] = {SHK_EVENT_OUTBOX, SHK_EVENT_OUTBOX, SHK_EVENT_DONE};
    static const struct stage_value none[] = {{"outbox.waiting", "0"},   {"outbox.undecided", "0"},
                                              {"outbox.delivered", "0"}, {"outcome", "0"},
                                              {"#delivery", "0"},        {NULL, NULL}};
    static const struct stage_value no_answer[] = {
        {"outbox.delivered", "0"}, {"outcome", "0"}, {"#delivery", "0"}, {NULL, NULL}};
    static const struct stage_value some[] = {{"outcome", "0"}, {"#delivery", "0"}, {NULL, NULL}};
    (void)state;
    begin(no_answer, events);
    assert_int_equal(RUN("watch"), 0);
    assert_string_equal(stage.told, "送信待ち 2件、うち患者が決まっていないもの 1件\n終わります\n");
    begin(no_answer, events);
    assert_int_equal(RUN("watch", "--json"), 0);
    assert_string_equal(stage.told, "{\"event\":\"outbox\",\"waiting\":2,\"undecided\":1,"
                                    "\"delivered\":0}\n{\"event\":\"end\"}\n");
    /* What was delivered by itself is news each time. */
    begin(some, events + 1);
    assert_int_equal(RUN("watch"), 0);
    assert_string_equal(stage.told, "送信待ち 2件、うち患者が決まっていないもの 1件\n終わります\n");
    begin(some, events);
    assert_int_equal(RUN("watch"), 0);
    assert_string_equal(stage.told, "送信待ち 2件、うち患者が決まっていないもの 1件\n"
                                    "送信待ち 2件、うち患者が決まっていないもの 1件\n終わります\n");
    /* Nothing waited, and nothing does. */
    begin(none, events);
    assert_int_equal(RUN("watch"), 0);
    assert_string_equal(stage.told, "終わります\n");
}

static void what_waited_is_delivered_whoever_is_eligible(void **state) {
    static const struct stage_value kept[] = {
        {"outcome", "2"}, {"source", "outbox"}, {"route", "demo"}, {NULL, NULL}};
    static const int32_t two[] = {SHK_EVENT_ANSWER, SHK_EVENT_DELIVERED, SHK_EVENT_NEXT,
                                  SHK_EVENT_ANSWER, SHK_EVENT_DELIVERED, SHK_EVENT_DONE};
    (void)state;
    begin(kept, two);
    assert_int_equal(RUN("outbox", "deliver"), 0);
    assert_string_equal(stage.jobs, "10;");
    assert_string_equal(stage.puts, "outbox.action=deliver;");
    assert_told("【見本】");
    assert_told("保存してあった回答です");
    assert_told("今回渡したもの 4件、送信待ち 2件(うち患者が決まっていないもの 1件)\n");
    begin(kept, two);
    assert_int_equal(RUN("outbox", "ask", "a-1", "--json"), 0);
    assert_string_equal(stage.puts, "outbox.action=ask;outbox.id=a-1;");
    assert_told("{\"event\":\"next\"");
    assert_told("{\"event\":\"outbox\",\"waiting\":2");
    begin(waiting, delivered);
    assert_int_equal(RUN("outbox", "deliver"), 3);
}

static void native_numbers_of_databases_have_words(void **state) {
    static const struct stage_value server[] = {{"fault.code", "-1713"},
                                                {"fault.native_kind", "9"},
                                                {"fault.native", "6718465"},
                                                {"outcome", "0"},
                                                {NULL, NULL}};
    static const struct stage_value file[] = {{"fault.code", "-1713"},
                                              {"fault.native_kind", "9"},
                                              {"fault.native", "8970"},
                                              {"outcome", "0"},
                                              {NULL, NULL}};
    static const struct stage_value host[] = {{"fault.code", "-1613"},
                                              {"fault.native_kind", "10"},
                                              {"fault.native", "91"},
                                              {"outcome", "0"},
                                              {NULL, NULL}};
    static const struct {
        const struct stage_value *more;
        const char *words;
    } all[] = {{server, "[SQLSTATE 40001]"}, {file, "[SQL 8970]"}, {host, "[host 91]"}};
    static const int32_t end[] = {SHK_EVENT_FAULT, SHK_EVENT_DONE};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        begin(all[i].more, end);
        assert_int_equal(RUN("check"), 3);
        if (strstr(stage.errors, all[i].words) == NULL) {
            fail_msg("%s is not in %s", all[i].words, stage.errors);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONSOLE_CASE(what_waits_is_said_to_be_kept),
        CONSOLE_CASE(patient_repetition_and_warning_are_said),
        CONSOLE_CASE(a_plain_delivery_is_told_as_before),
        CONSOLE_CASE(the_outbox_is_one_line_when_it_changes),
        CONSOLE_CASE(what_waited_is_delivered_whoever_is_eligible),
        CONSOLE_CASE(native_numbers_of_databases_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
