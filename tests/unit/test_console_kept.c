/* `shikaku outbox list`, `outbox drop`, `history` and `store`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "console_stage.h"

static const int32_t done[] = {SHK_EVENT_DONE};

static const struct stage_value values[] = {
    {"#outbox", "2"},
    {"outbox.waiting", "2"},
    {"outbox.undecided", "1"},
    {"outbox[1].id", "a-1"},
    {"outbox[1].state", "undecided"},
    {"outbox[1].state_text", "患者が決まっていません"},
    {"outbox[1].at", "2026-11-29T09:05:00"},
    {"outbox[1].attempts", "1"},
    {"outbox[1].delivery", "1"},
    {"outbox[1].target", "orca/1"},
    {"outbox[1].source", "gateway"},
    {"outbox[1].name", "見本　太郎"},
    {"outbox[1].birth_date", "1954-01-05"},
    {"outbox[2].id", "b-2"},
    {"outbox[2].state", "ready"},
    {"outbox[2].state_text", "渡すだけです"},
    {"outbox[2].at", "2026-11-29T09:06:00"},
    {"outbox[2].attempts", "12"},
    {"outbox[2].target", "folder/1"},
    {"outbox[2].source", "app"},
    {"outbox[2].fault.code", "-1623"},
    {"outbox[2].fault.message", "設定にありません。"},
    {"#history", "1"},
    {"history.entries", "17"},
    {"history.first", "3"},
    {"history.last", "19"},
    {"history.exported", "17"},
    {"history[1].seq", "19"},
    {"history[1].at", "2026-11-29T09:05:00"},
    {"history[1].kind", "delivered"},
    {"history[1].kind_text", "渡しました"},
    {"history[1].answer", "q-1"},
    {"history[1].delivery", "a-1"},
    {"history[1].name", "見本　太郎"},
    {"history[1].insurer_number", "06139999"},
    {"history[1].script", "kanja.lua"},
    {"history[1].place", "out/a.csv"},
    {"history[1].outcome", "3"},
    {"history[1].patient_id", "00012"},
    {"history[1].decision", "skip"},
    {"store.schema", "1"},
    {"store.waiting", "2"},
    {"store.history", "17"},
    {"store.key", "7"},
    {"store.keys", "1"},
    {"store.purged", "5"},
    {"store.oldest_waiting", "2026-11-29T09:05:00"},
    {"progress.done", "5"},
    {"progress.total", "10"},
    {NULL, NULL},
};

static void begin(const struct stage_value *more) {
    assert_int_equal(console_stage_open(NULL), 0);
    stage.values = values;
    stage.more = more;
    stage.events = done;
}

static void what_waits_is_a_table(void **state) {
    (void)state;
    begin(NULL);
    assert_int_equal(RUN("outbox"), 0);
    assert_string_equal(stage.jobs, "10;");
    assert_string_equal(stage.puts, "outbox.action=list;");
    assert_string_equal(
        stage.told,
        "番号  状態                    いつから             回数  渡し先                      "
        "氏名        生年月日    渡せなかった理由\n"
        "a-1   患者が決まっていません  2026-11-29T09:05:00     1  orca/1                      "
        "見本　太郎  1954-01-05  -\n"
        "b-2   渡すだけです            2026-11-29T09:06:00    12  folder/1(設定にありません)  "
        "-           -           設定にありません。\n"
        "送信待ち 2件、うち患者が決まっていないもの 1件\n");
    static const struct stage_value claimed[] = {{"outbox[2].claimed", "1"}, {NULL, NULL}};
    begin(claimed);
    assert_int_equal(RUN("outbox"), 0);
    assert_told("渡している途中");
    static const struct stage_value none[] = {{"#outbox", "0"}, {NULL, NULL}};
    begin(none);
    assert_int_equal(RUN("outbox", "list"), 0);
    assert_string_equal(stage.told, "送信待ちはありません\n");
    begin(NULL);
    assert_int_equal(RUN("outbox", "list", "--json"), 0);
    assert_told("{\"outbox\":[{\"id\":\"a-1\",\"state\":\"undecided\",\"state_text\":"
                "\"患者が決まっていません\",\"at\":\"2026-11-29T09:05:00\",\"target\":\"orca/1\","
                "\"source\":\"gateway\",\"name\":\"見本　太郎\",\"birth_date\":\"1954-01-05\","
                "\"attempts\":1,\"delivery\":1},");
    assert_told("\"attempts\":12,\"fault\":{\"code\":-1623,");
    assert_told("],\"waiting\":2,\"undecided\":1,\"ok\":true}\n");
}

#define TYPED(...) ((const char *const[]){__VA_ARGS__, NULL})

static void dropping_is_asked_for(void **state) {
    (void)state;
    begin(NULL);
    stage.terminal = true;
    stage.typed = TYPED("y");
    assert_int_equal(RUN("outbox", "drop", "a-1"), 0);
    assert_string_equal(stage.jobs, "10;10;");
    assert_string_equal(stage.puts, "outbox.action=list;outbox.action=drop;outbox.id=a-1;");
    assert_told("見本　太郎");
    assert_not_told("b-2");
    assert_told("取り除きました。このことは履歴に残ります\n");
    static const char *const noes[] = {"", "n", "a-1"};
    for (size_t i = 0; i < 3; i++) {
        begin(NULL);
        stage.terminal = true;
        stage.typed = TYPED(noes[i]);
        assert_int_equal(RUN("outbox", "drop", "a-1"), 130);
        assert_string_equal(stage.puts, "outbox.action=list;");
    }
    begin(NULL);
    stage.terminal = true;
    assert_int_equal(RUN("outbox", "drop", "a-1", "--json"), 130);
    assert_told(
        "{\"id\":\"a-1\",\"waiting\":2,\"undecided\":1,\"ok\":false,\"fault\":{\"code\":-1020,");
}

static void dropping_unasked_needs_the_word(void **state) {
    (void)state;
    begin(NULL);
    assert_int_equal(RUN("outbox", "drop", "a-1"), 2);
    assert_string_equal(stage.jobs, "");
    assert_non_null(strstr(stage.errors, "--yes"));
    begin(NULL);
    stage.terminal = stage.unseen = true;
    stage.typed = TYPED("y");
    assert_int_equal(RUN("outbox", "drop", "a-1"), 2);
    begin(NULL);
    assert_int_equal(RUN("outbox", "drop", "a-1", "--yes", "--json"), 0);
    assert_string_equal(stage.puts, "outbox.action=drop;outbox.id=a-1;");
    assert_string_equal(stage.told, "{\"id\":\"a-1\",\"waiting\":2,\"undecided\":1,\"ok\":true}\n");
    begin(NULL);
    stage.terminal = true;
    stage.typed = TYPED("y");
    assert_int_equal(RUN("outbox", "drop", "c-3"), 2);
    assert_string_equal(stage.puts, "outbox.action=list;");
    static const struct stage_value down[] = {
        {"fault.code", "-1707"}, {"fault.message", "サーバーにつながりません。"}, {NULL, NULL}};
    begin(down);
    stage.terminal = true;
    stage.typed = TYPED("y");
    assert_int_equal(RUN("outbox", "drop", "a-1"), 3);
    assert_string_equal(stage.prompts, "");
    assert_non_null(strstr(stage.errors, "サーバーにつながりません。"));
}

static void the_history_is_a_table(void **state) {
    (void)state;
    begin(NULL);
    assert_int_equal(RUN("history", "--from", "2026-11-01", "--to=令和8年11月30日", "--patient",
                         "12", "--limit", "5"),
                     0);
    assert_string_equal(stage.jobs, "11;");
    assert_string_equal(stage.puts, "history.from=2026-11-01;history.to=令和8年11月30日;"
                                    "history.patient=12;history.limit=5;history.action=list;");
    assert_string_equal(stage.told,
                        "番号  日時                 できごと    氏名        内容\n"
                        "  19  2026-11-29T09:05:00  渡しました  見本　太郎  有効・無効の記載なし, "
                        "kanja.lua, out/a.csv, 患者番号 00012, 判断 渡さない\n");
    begin(NULL);
    assert_int_equal(RUN("history", "list", "--json"), 0);
    assert_told("{\"history\":[{\"seq\":19,\"at\":\"2026-11-29T09:05:00\",\"kind\":\"delivered\","
                "\"kind_text\":\"渡しました\",\"answer\":\"q-1\",\"delivery\":\"a-1\",");
    assert_told("\"delivery\":\"a-1\",\"outcome\":\"3\",\"name\":\"見本　太郎\",\"insurer_number\":"
                "\"06139999\",\"patient_id\":\"00012\",\"decision\":\"skip\",\"script\":\"kanja."
                "lua\",\"place\":");
    assert_told("\"entries\":17,\"first\":3,\"last\":19");
    static const struct stage_value none[] = {{"#history", "0"}, {NULL, NULL}};
    begin(none);
    assert_int_equal(RUN("history"), 0);
    assert_string_equal(stage.told, "当てはまる履歴はありません\n");
}

static void a_broken_history_is_a_fault_that_names_the_entry(void **state) {
    static const struct stage_value broken[] = {{"history.broken", "7"},
                                                {"fault.code", "-1711"},
                                                {"fault.stage", "7"},
                                                {"fault.where", "7"},
                                                {"fault.message", "履歴に、抜けがあります。"},
                                                {NULL, NULL}};
    (void)state;
    begin(NULL);
    assert_int_equal(RUN("history", "verify"), 0);
    assert_string_equal(stage.puts, "history.action=verify;");
    assert_string_equal(stage.told, "履歴に書きかえや抜けはありません: 17件(3番から19番まで)\n");
    begin(broken);
    assert_int_equal(RUN("history", "verify"), 3);
    assert_told("最初に合わないのは7番の記録です");
    assert_not_told("ありません");
    assert_non_null(strstr(stage.errors, "履歴に、抜けがあります。\n該当箇所: 7\n"));
    begin(broken);
    assert_int_equal(RUN("history", "verify", "--json"), 3);
    assert_told("{\"entries\":17,\"first\":3,\"last\":19,\"broken\":7,\"exported\":17,\"ok\":false,"
                "\"fault\":{\"code\":-1711,");
    /* What could not be looked at is not said to be whole. */
    static const struct stage_value down[] = {{"fault.code", "-1707"}, {NULL, NULL}};
    begin(down);
    assert_int_equal(RUN("history", "verify"), 3);
    assert_string_equal(stage.told, "");
}

static void an_export_names_its_file(void **state) {
    static const struct stage_value refused[] = {
        {"fault.code", "-1015"}, {"fault.where", "history.out"}, {NULL, NULL}};
    (void)state;
    begin(NULL);
    assert_int_equal(RUN("history", "export", "h.csv", "--from", "2026-11-01"), 0);
    assert_string_equal(stage.puts,
                        "history.from=2026-11-01;history.action=export;history.out=h.csv;");
    assert_told("履歴17件を書き出しました: h.csv\n");
    begin(refused);
    stage.start_result = SHK_E_INPUT;
    assert_int_equal(RUN("history", "export", "h.csv", "--json"), 2);
    assert_told("\"where\":\"h.csv\"");
    static const struct stage_value limit[] = {
        {"fault.code", "-1015"}, {"fault.where", "history.limit"}, {NULL, NULL}};
    begin(limit);
    stage.start_result = SHK_E_INPUT;
    assert_int_equal(RUN("history", "list", "--limit", "x"), 2);
    assert_non_null(strstr(stage.errors, "--limit (history.limit)"));
}

static void the_store_is_told_in_lines(void **state) {
    (void)state;
    begin(NULL);
    assert_int_equal(RUN("store"), 0);
    assert_string_equal(stage.jobs, "12;");
    assert_string_equal(stage.puts, "store.action=show;");
    assert_string_equal(stage.told,
                        "送信待ち: 2\n履歴の件数: 17\n保存先の版: 1\nいまの鍵の番号: 7\n"
                        "鍵の数: 1\nいちばん古い送信待ち: 2026-11-29T09:05:00\n");
    begin(NULL);
    assert_int_equal(RUN("store", "show", "--json"), 0);
    assert_string_equal(
        stage.told, "{\"schema\":1,\"waiting\":2,\"history\":17,\"purged\":5,\"key\":7,\"keys\":1,"
                    "\"oldest_waiting\":\"2026-11-29T09:05:00\",\"ok\":true}\n");
    begin(NULL);
    assert_int_equal(RUN("store", "purge"), 0);
    assert_string_equal(stage.told, "保存期間を過ぎて消したもの: 5\n");
}

static void keys_come_with_a_warning(void **state) {
    static const int32_t progress[] = {SHK_EVENT_PROGRESS, SHK_EVENT_DONE};
    (void)state;
    begin(NULL);
    assert_int_equal(RUN("store", "export-key", "k.key"), 0);
    assert_string_equal(stage.puts, "store.action=export-key;store.file=k.key;");
    assert_told("鍵を書き出しました: k.key\n");
    assert_told("鍵のかかる場所に保管してください");
    static const struct stage_value exists[] = {
        {"fault.code", "-1607"}, {"fault.where", "key"}, {NULL, NULL}};
    begin(exists);
    assert_int_equal(RUN("store", "export-key", "k.key"), 3);
    assert_non_null(strstr(stage.errors, "上書きはしません"));
    assert_non_null(strstr(stage.errors, "該当箇所: k.key\n"));
    begin(NULL);
    assert_int_equal(RUN("store", "import-key", "k.key"), 0);
    assert_string_equal(stage.puts, "store.action=import-key;store.file=k.key;");
    begin(NULL);
    stage.events = progress;
    assert_int_equal(RUN("store", "rotate"), 0);
    assert_told("新しい鍵に替えました\nいまの鍵の番号: 7\n");
    assert_non_null(strstr(stage.errors, "5/10件 (50%)"));
    begin(NULL);
    stage.events = progress;
    assert_int_equal(RUN("store", "rotate", "--json"), 0);
    assert_not_told("event");
    static const struct stage_value sealed[] = {
        {"fault.code", "-1704"}, {"fault.message", "鍵が合いません。"}, {NULL, NULL}};
    begin(sealed);
    assert_int_equal(RUN("store", "import-key", "k.key"), 3);
    assert_string_equal(stage.told, "");
    assert_non_null(strstr(stage.errors, "鍵が合いません。"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONSOLE_CASE(what_waits_is_a_table),
        CONSOLE_CASE(dropping_is_asked_for),
        CONSOLE_CASE(dropping_unasked_needs_the_word),
        CONSOLE_CASE(the_history_is_a_table),
        CONSOLE_CASE(a_broken_history_is_a_fault_that_names_the_entry),
        CONSOLE_CASE(an_export_names_its_file),
        CONSOLE_CASE(the_store_is_told_in_lines),
        CONSOLE_CASE(keys_come_with_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
