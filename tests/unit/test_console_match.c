/* Whose answer is this: how the console shows it, and what it makes of every reply. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "console_stage.h"
#include "match.h"

#define FIELD(c, n, path, label, english, old, now, difference, take)                              \
    {"match.candidate[" #c "].field[" #n "].path", path},                                          \
        {"match.candidate[" #c "].field[" #n "].label", label},                                    \
        {"match.candidate[" #c "].field[" #n "].label_en", english},                               \
        {"match.candidate[" #c "].field[" #n "].old", old},                                        \
        {"match.candidate[" #c "].field[" #n "].now", now},                                        \
        {"match.candidate[" #c "].field[" #n "].difference", difference},                          \
        {"match.candidate[" #c "].field[" #n "].difference_text", "言葉"}, {                       \
        "match.candidate[" #c "].field[" #n "].take", take                                         \
    }

/* Father and son of one name; the answer is the father's, with another insurance. */
static const struct stage_value several[] = {
    {"outcome", "1"},
    {"#records", "1"},
    {"records[1].name", "高見本　太郎"},
    {"records[1].name_kana", "タカミホン　タロウ"},
    {"records[1].birth_date", "1954-01-05"},
    {"records[1].sex", "1"},
    {"records[1].sex_label", "男"},
    {"records[1].insurer_number", "06990014"},
    {"match.grade", "4"},
    {"match.grade_name", "several"},
    {"match.grade_text", "複数の候補"},
    {"match.delivery", "2"},
    {"match.record", "1"},
    {"match.target", "orca/1"},
    {"match.left_out", "3"},
    {"#match.candidate", "2"},
    {"match.candidate[1].id", "00012"},
    {"match.candidate[1].grade", "3"},
    {"match.candidate[1].grade_name", "probably"},
    {"match.candidate[1].grade_text", "おそらく同じ人"},
    {"#match.candidate[1].reason", "2"},
    {"match.candidate[1].reason[1].name", "birth_same"},
    {"match.candidate[1].reason[1].text", "生年月日が同じです"},
    {"match.candidate[1].reason[1].text_en", "same date of birth"},
    {"match.candidate[1].reason[2].name", "insurer_other"},
    {"match.candidate[1].reason[2].text", "保険者番号が違います"},
    {"match.candidate[1].reason[2].text_en", "another insurer number"},
    {"#match.candidate[1].field", "6"},
    FIELD(1, 1, "name", "氏名", "Name", "髙見本　太郎", "高見本　太郎", "variant", "0"),
    FIELD(1, 2, "name_kana", "カナ", "Kana", "タカミホン　タロウ", "タカミホン　タロウ", "equal",
          "0"),
    FIELD(1, 3, "birth_date", "生年月日", "Date of birth", "1954-01-05", "1954-01-05", "equal",
          "0"),
    FIELD(1, 4, "address", "住所", "Address", "見本市髙町1", "見本市●町1", "missing", "1"),
    FIELD(1, 5, "insurer_number", "保険者番号", "Insurer number", "06139999", "06990014", "other",
          "1"),
    FIELD(1, 6, "symbol", "記号", "Symbol", "", "990", "added", "1"),
    {"match.candidate[2].id", "00077"},
    {"match.candidate[2].name_kana", "タカミホン　タロウ"},
    {"match.candidate[2].birth_date", "19890107"},
    {"match.candidate[2].grade", "3"},
    {"match.candidate[2].grade_name", "probably"},
    {"match.candidate[2].grade_text", "おそらく同じ人"},
    {"#match.candidate[2].reason", "0"},
    {"#match.candidate[2].field", "1"},
    FIELD(2, 1, "name", "氏名", "Name", "高見本　太郎", "高見本　太郎", "equal", "0"),
    {NULL, NULL}};

/* A person who is surely known, whose insurance changed. */
static const struct stage_value changed[] = {
    {"match.grade", "2"}, {"match.grade_name", "changed"}, {"#match.candidate", "1"}, {NULL, NULL}};
static const struct stage_value nobody[] = {{"match.grade", "5"},
                                            {"match.grade_name", "new"},
                                            {"match.grade_text", "登録がありません"},
                                            {"#match.candidate", "0"},
                                            {NULL, NULL}};

static const int32_t asked[] = {SHK_EVENT_ANSWER, SHK_EVENT_MATCH, SHK_EVENT_DONE};

static void stage_question(const struct stage_value *more) {
    assert_int_equal(console_stage_open(NULL), 0);
    stage.values = several;
    stage.more = more;
    stage.events = asked;
}

#define TYPED(...) ((const char *const[]){__VA_ARGS__, NULL})

/* What is handed over after these lines at the terminal. */
static void assert_typed(const struct stage_value *more, const char *const *lines,
                         const char *puts) {
    stage_question(more);
    stage.terminal = true;
    stage.typed = lines;
    assert_int_equal(RUN("check"), 0);
    assert_string_equal(stage.puts, puts);
    assert_int_equal(stage.cancels, 0);
}

static const char *const nothing[] = {NULL};

static void the_desk_sees_the_answer_the_candidates_and_why(void **state) {
    static const char *const words[] = {
        "どの患者の回答か、確かめてください\n",
        "渡し先: orca/1(設定の2番目の渡し先)\n",
        "判定: 複数の候補\n",
        "氏名: 高見本　太郎\n",
        "生年月日: 1954-01-05 (昭和29年1月5日)\n",
        "性別: 男\n",
        "[1] 患者番号 00012  髙見本　太郎  タカミホン　タロウ  1954-01-05 (昭和29年1月5日)\n",
        "判定: おそらく同じ人\n",
        "- 生年月日が同じです\n",
        "- 保険者番号が違います\n",
        "    項目        いまの登録    今回の回答    違い\n",
        "    氏名        髙見本　太郎  高見本　太郎  同じ(字体の違い)\n",
        "    住所        見本市髙町1   見本市●町1    ●は、今の字を残します\n",
        "    保険者番号  06139999      06990014      違います\n",
        "    記号        (なし)        990           登録にない項目\n",
        "[2] 患者番号 00077  高見本　太郎  タカミホン　タロウ  1989-01-07 (昭和64年1月7日)\n",
        "登録との違いはありません\n",
        "ほかに3人が当てはまります",
    };
    (void)state;
    assert_typed(NULL, nothing, "match.answer=later;");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        assert_told(words[i]);
    }
    assert_not_told("    カナ");
    assert_string_equal(stage.prompts,
                        "番号で患者を選ぶ  n 新しい患者  s 渡さない  l あとで決める: |");
}

static void english_words_are_there_too(void **state) {
    (void)state;
    stage_question(NULL);
    assert_int_equal(RUN("check", "--lang", "en", "--match", "skip"), 0);
    assert_told("Grade: several\n");
    assert_told("same date of birth\n");
    assert_told("    Name            髙見本　太郎  高見本　太郎  same (written otherwise)\n");
    assert_told("Not delivered to this host\n");
}

static void a_bare_enter_decides_nothing_that_is_not_sure(void **state) {
    (void)state;
    assert_typed(NULL, TYPED("", "", "l"), "match.answer=later;");
    assert_told("Enter だけでは決まりません");
    assert_typed(nobody, TYPED("", "n"), "match.answer=new;");
    assert_told("当てはまる患者は登録されていません");
    /* One candidate who is only probably meant. */
    static const struct stage_value one[] = {
        {"#match.candidate", "1"}, {"match.grade", "3"}, {NULL, NULL}};
    assert_typed(one, TYPED("", "s"), "match.answer=skip;");
    /* Two candidates, of whom one would be sure. */
    static const struct stage_value two[] = {{"match.grade", "1"}, {NULL, NULL}};
    assert_typed(two, TYPED("", "s"), "match.answer=skip;");
}

static void enter_takes_a_person_who_is_sure(void **state) {
    (void)state;
    assert_typed(changed, TYPED("", "x"), "match.take=none;match.answer=patient:00012;");
    assert_non_null(strstr(stage.prompts, "1(Enter)この患者"));
}

static void one_key_answers(void **state) {
    (void)state;
    assert_typed(NULL, TYPED("n"), "match.answer=new;");
    assert_told("新しい患者として渡します\n");
    assert_typed(NULL, TYPED("s"), "match.answer=skip;");
    assert_typed(NULL, TYPED("l"), "match.answer=later;");
    assert_typed(NULL, TYPED("Ｎ"), "match.answer=new;");
    assert_typed(NULL, TYPED("２"), "match.take=none;match.answer=patient:00077;");
    assert_told("患者番号 00077 の回答として渡します\n");
}

static void what_is_not_offered_is_asked_again(void **state) {
    static char longest[9000];
    (void)state;
    memset(longest, '1', sizeof longest - 1);
    assert_typed(NULL,
                 TYPED("0", "3", "99999999999", "1x", "-1", "あ", "patient:00012", longest, "l"),
                 "match.answer=later;");
    assert_typed(nobody, TYPED("1", "l"), "match.answer=later;");
}

static void what_changes_is_accepted_with_enter(void **state) {
    (void)state;
    assert_typed(NULL, TYPED("1", ""),
                 "match.take=insurer_number,symbol;match.answer=patient:00012;");
    assert_typed(NULL, TYPED("1", "?", "x"), "match.take=none;match.answer=patient:00012;");
    assert_typed(NULL, TYPED("1", "b", "n"), "match.answer=new;");
}

static void fields_are_chosen_one_by_one(void **state) {
    (void)state;
    assert_typed(NULL, TYPED("1", "e", "y", "n", "y"),
                 "match.take=name,symbol;match.answer=patient:00012;");
    assert_non_null(strstr(
        stage.prompts, "氏名: 髙見本　太郎 → 高見本　太郎  受け入れますか? [y/N] (b 選び直す) |"));
    assert_non_null(strstr(stage.prompts, "記号: (なし) → 990  受け入れますか? [Y/n]"));
    assert_null(strstr(stage.prompts, "住所"));
    assert_typed(NULL, TYPED("1", "e", "", "", "n"),
                 "match.take=insurer_number;match.answer=patient:00012;");
    assert_typed(NULL, TYPED("1", "e", "n", "n", "z", "n"),
                 "match.take=none;match.answer=patient:00012;");
    assert_typed(NULL, TYPED("1", "e", "y", "b", "2"),
                 "match.take=none;match.answer=patient:00077;");
}

static void an_end_in_the_middle_puts_it_off(void **state) {
    (void)state;
    assert_typed(NULL, TYPED("1"), "match.answer=later;");
    assert_typed(NULL, TYPED("1", "e"), "match.answer=later;");
    assert_typed(NULL, TYPED("1", "e", "y"), "match.answer=later;");
    assert_told("あとで決めます。回答は保存してあります(shikaku outbox ask)\n");
}

static void an_answer_that_is_refused_is_asked_for_again(void **state) {
    (void)state;
    stage_question(NULL);
    stage.terminal = true;
    stage.typed = TYPED("2", "n");
    stage.usable = "new";
    assert_int_equal(RUN("check"), 0);
    assert_string_equal(stage.puts,
                        "match.take=none;match.answer=patient:00077;match.take=;match.answer=new;");
    /* Even "later" is refused: that must not go round for ever. */
    stage_question(NULL);
    stage.terminal = true;
    stage.typed = nothing;
    stage.usable = "new";
    assert_int_equal(RUN("check"), 0);
    assert_int_equal(stage.cancels, 1);
}

static void without_a_terminal_it_waits(void **state) {
    (void)state;
    stage_question(NULL);
    assert_int_equal(RUN("check"), 0);
    assert_string_equal(stage.puts, "match.answer=later;");
    assert_told("答える端末がありません");
    assert_string_equal(stage.prompts, "");
}

/* A script that is started at a terminal has one, too. */
static void a_question_that_nobody_sees_waits(void **state) {
    (void)state;
    stage_question(NULL);
    stage.terminal = stage.unseen = true;
    stage.typed = TYPED("n");
    assert_int_equal(RUN("check"), 0);
    assert_string_equal(stage.puts, "match.answer=later;");
    stage_question(NULL);
    stage.terminal = stage.unseen = true;
    stage.typed = TYPED("n");
    assert_int_equal(RUN("check", "--match", "ask"), 0);
    assert_string_equal(stage.puts, "match.answer=new;");
}

/* What the person decided is no matter of the configuration. */
static void skipping_is_no_missing_setting(void **state) {
    static const struct stage_value not_due[] = {{"delivery.not_due", "1"}, {NULL, NULL}};
    (void)state;
    stage_question(not_due);
    assert_int_equal(RUN("check", "--match", "skip"), 0);
    assert_not_told("文書は渡していません");
    stage_question(not_due);
    assert_int_equal(RUN("check", "--match", "new"), 0);
    assert_told("文書は渡していません。設定");
}

static void what_was_answered_beforehand_is_not_asked(void **state) {
    (void)state;
    stage_question(NULL);
    stage.terminal = true;
    stage.typed = TYPED("n");
    assert_int_equal(RUN("check", "--match", "patient:00077"), 0);
    assert_string_equal(stage.puts, "match.answer=patient:00077;");
    assert_string_equal(stage.prompts, "");
    assert_told("[1] 患者番号 00012");
    /* Nobody of that number is meant: nothing is written to anybody. */
    stage_question(NULL);
    stage.usable = "later";
    assert_int_equal(RUN("check", "--match=patient:99"), 0);
    assert_string_equal(stage.puts, "match.answer=patient:99;match.answer=later;");
}

static void the_question_is_one_object(void **state) {
    (void)state;
    stage_question(changed);
    assert_int_equal(RUN("check", "--json"), 0);
    assert_string_equal(stage.puts, "match.answer=later;");
    assert_told("{\"event\":\"match\",\"delivery\":2,\"target\":\"orca/1\",\"record\":1,"
                "\"grade\":\"changed\",\"grade_text\":\"複数の候補\","
                "\"person\":{\"name\":\"高見本　太郎\",\"name_kana\":\"タカミホン　タロウ\","
                "\"birth_date\":\"1954-01-05\",\"sex\":\"1\",\"insurer_number\":\"06990014\"},"
                "\"candidates\":[{\"id\":\"00012\",\"grade\":\"probably\","
                "\"grade_text\":\"おそらく同じ人\",\"name\":\"髙見本　太郎\","
                "\"name_kana\":\"タカミホン　タロウ\",\"birth_date\":\"1954-01-05\",\"reasons\":[{"
                "\"name\":\"birth_same\","
                "\"text\":\"生年月日が同じです\",\"text_en\":\"same date of birth\"},");
    assert_told("{\"path\":\"name\",\"label\":\"氏名\",\"label_en\":\"Name\","
                "\"old\":\"髙見本　太郎\",\"now\":\"高見本　太郎\",\"difference\":\"variant\","
                "\"difference_text\":\"言葉\",\"take\":false}");
    /* Kept in any case, whatever is proposed. */
    assert_told("\"difference\":\"missing\",\"difference_text\":\"言葉\",\"take\":false}");
    assert_told("\"difference\":\"added\",\"difference_text\":\"言葉\",\"take\":true}]}],"
                "\"left_out\":3,\"answer\":\"later\"}\n");
}

static void a_program_answers_by_lines(void **state) {
    (void)state;
    stage_question(NULL);
    stage.given = TYPED("{\"answer\":\"patient:00012\",\"take\":\"all\"}");
    assert_int_equal(RUN("check", "--json", "--match", "ask"), 0);
    assert_string_equal(stage.puts, "match.take=all;match.answer=patient:00012;");
    assert_told("\"left_out\":3}\n");
    stage_question(NULL);
    stage.given = TYPED("n", "{}", "{\"answer\":\"patient:1\"}", "{\"answer\":\"skip\"}");
    stage.usable = "skip";
    assert_int_equal(RUN("check", "--json", "--match", "ask"), 0);
    assert_string_equal(stage.puts, "match.answer=patient:1;match.answer=skip;");
    stage_question(NULL);
    stage.given = TYPED("{\"answer\":\"patient:1\",\"take\":\"all\"}", "{\"answer\":\"skip\"}");
    stage.usable = "skip";
    assert_int_equal(RUN("check", "--json", "--match", "ask"), 0);
    assert_string_equal(stage.puts, "match.take=all;match.answer=patient:1;match.take=;"
                                    "match.answer=skip;");
    assert_told("{\"event\":\"fault\",\"fault\":{\"code\":-1620,");
    stage_question(NULL);
    stage.given = nothing;
    assert_int_equal(RUN("check", "--json", "--match", "ask"), 0);
    assert_string_equal(stage.puts, "match.answer=later;");
}

static void an_old_line_answers_no_new_question(void **state) {
    static const int32_t twice[] = {SHK_EVENT_ANSWER, SHK_EVENT_MATCH, SHK_EVENT_NEXT,
                                    SHK_EVENT_MATCH, SHK_EVENT_DONE};
    (void)state;
    stage_question(NULL);
    stage.given = TYPED("{\"answer\":\"skip\"}");
    assert_int_equal(RUN("watch", "--json", "--match", "ask"), 0);
    assert_int_equal(stage.drained, 1);
    /* The first question ended by itself before a line came. */
    stage_question(NULL);
    stage.events = twice;
    stage.does_not_wait = true;
    stage.given = TYPED("{\"answer\":\"skip\"}", "{\"answer\":\"new\"}");
    assert_int_equal(RUN("import", "--json", "--match", "ask", "a.xml"), 0);
    assert_int_equal(stage.drained, 1);
    assert_string_equal(stage.puts, "import.file=a.xml;");
}

static void lines_are_read_strictly(void **state) {
    static const struct {
        const char *line, *answer, *take;
    } good[] = {
        {"{\"answer\":\"new\"}", "new", ""},
        {" { \"take\" : [ \"name\" , \"symbol\" ] , \"answer\" : \"patient:1\" } ", "patient:1",
         "name,symbol"},
        {"{\"answer\":\"patient:1\",\"take\":[]}", "patient:1", "none"},
        {"{\"answer\":\"patient:\\u898b\\u672c\\n\\\"\"}", "patient:見本\n\"", ""},
        {"{\"answer\":\"\\ud840\\udc0b\"}", "𠀋", ""},
    };
    static const char *const bad[] = {
        "",
        "new",
        "\"new\"",
        "{",
        "{}",
        "{\"answer\":\"\"}",
        "{\"answer\":\"new\"",
        "{\"answer\":\"new\"}}",
        "{\"answer\":\"new\",}",
        "{\"answer\":\"new\"} x",
        "{\"answer\":new}",
        "{\"answer\":1}",
        "{\"answer\":\"new\",\"answer\":\"skip\"}",
        "{\"take\":\"all\"}",
        "{\"answer\":\"new\",\"other\":\"x\"}",
        "{\"answer\":\"new\",\"take\":[\"a\" \"b\"]}",
        "{\"answer\":\"new\",\"take\":[\"a\",]}",
        "{\"answer\":\"\\x\"}",
        "{\"answer\":\"\\u12\"}",
        "{\"answer\":\"\\u0000\"}",
        "{\"answer\":\"\\ud840\"}",
        "{\"answer\":\"\\ud840\\u0041\"}",
        "{\"answer\":\"\xFF\"}",
        "{\"answer\":\"a\tb\"}",
        "{\"a_name_that_is_too_long\":\"x\",\"answer\":\"new\"}",
    };
    struct match_choice choice;
    char longest[400];
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(match_read_line(good[i].line, strlen(good[i].line), &choice));
        assert_string_equal(choice.answer, good[i].answer);
        assert_string_equal(choice.take, good[i].take);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (match_read_line(bad[i], strlen(bad[i]), &choice)) {
            fail_msg("%s was taken", bad[i]);
        }
    }
    (void)snprintf(longest, sizeof longest, "{\"answer\":\"%0300d\"}", 1);
    assert_false(match_read_line(longest, strlen(longest), &choice));
}

static void events_beside_it_leave_the_question_open(void **state) {
    static const int32_t events[] = {SHK_EVENT_MATCH, SHK_EVENT_OUTBOX, SHK_EVENT_REMOVED,
                                     SHK_EVENT_FAULT, SHK_EVENT_DONE};
    static const struct stage_value waiting[] = {
        {"outbox.waiting", "2"}, {"outbox.undecided", "1"}, {NULL, NULL}};
    (void)state;
    stage_question(waiting);
    stage.events = events;
    stage.does_not_wait = true;
    stage.terminal = true;
    stage.typed = TYPED("1", "x");
    assert_int_equal(RUN("watch"), 0);
    assert_told("送信待ち 2件、うち患者が決まっていないもの 1件\n");
    /* Asked again after each of the two; the fault ended it. */
    static const char prompt[] = "番号で患者を選ぶ  n 新しい患者  s 渡さない  l あとで決める: |";
    char thrice[512];
    (void)snprintf(thrice, sizeof thrice, "%s%s%s", prompt, prompt, prompt);
    assert_string_equal(stage.prompts, thrice);
    assert_string_equal(stage.puts, "");
}

static void an_interrupt_ends_the_question(void **state) {
    (void)state;
    stage_question(NULL);
    stage.terminal = true;
    stage.typed = TYPED("n");
    stage.interrupts = 1;
    (void)RUN("check");
    assert_string_equal(stage.puts, "");
    assert_int_equal(stage.cancels, 1);
}

static void a_question_that_is_over_is_no_fault(void **state) {
    (void)state;
    stage_question(NULL);
    stage.put_result = SHK_E_STATE;
    stage.does_not_wait = true;
    assert_int_equal(RUN("check", "--match", "new"), 0);
    assert_string_equal(stage.errors, "");
    stage_question(NULL);
    stage.put_result = SHK_E_MEMORY;
    (void)RUN("check", "--match", "new");
    assert_int_equal(stage.cancels, 1);
}

static void an_import_in_one_object_says_what_was_answered(void **state) {
    (void)state;
    stage_question(NULL);
    assert_int_equal(RUN("import", "--json", "a.xml"), 0);
    assert_told("\"matches\":[{\"grade\":\"several\",\"delivery\":2,\"record\":1,\"answer\":"
                "\"later\"}]");
    assert_not_told("\"event\"");
    stage_question(NULL);
    stage.given = TYPED("{\"answer\":\"new\"}");
    assert_int_equal(RUN("import", "--json", "--match", "ask", "a.xml"), 0);
    assert_told("{\"event\":\"match\"");
    assert_told("{\"event\":\"done\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        CONSOLE_CASE(the_desk_sees_the_answer_the_candidates_and_why),
        CONSOLE_CASE(english_words_are_there_too),
        CONSOLE_CASE(a_bare_enter_decides_nothing_that_is_not_sure),
        CONSOLE_CASE(enter_takes_a_person_who_is_sure),
        CONSOLE_CASE(one_key_answers),
        CONSOLE_CASE(what_is_not_offered_is_asked_again),
        CONSOLE_CASE(what_changes_is_accepted_with_enter),
        CONSOLE_CASE(fields_are_chosen_one_by_one),
        CONSOLE_CASE(an_end_in_the_middle_puts_it_off),
        CONSOLE_CASE(an_answer_that_is_refused_is_asked_for_again),
        CONSOLE_CASE(without_a_terminal_it_waits),
        CONSOLE_CASE(a_question_that_nobody_sees_waits),
        CONSOLE_CASE(skipping_is_no_missing_setting),
        CONSOLE_CASE(what_was_answered_beforehand_is_not_asked),
        CONSOLE_CASE(the_question_is_one_object),
        CONSOLE_CASE(a_program_answers_by_lines),
        CONSOLE_CASE(an_old_line_answers_no_new_question),
        CONSOLE_CASE(lines_are_read_strictly),
        CONSOLE_CASE(events_beside_it_leave_the_question_open),
        CONSOLE_CASE(an_interrupt_ends_the_question),
        CONSOLE_CASE(a_question_that_is_over_is_no_fault),
        CONSOLE_CASE(an_import_in_one_object_says_what_was_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
