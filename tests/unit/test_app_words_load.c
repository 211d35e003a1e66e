/* A clinic's file with further words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_stage.h"
#include "app_words_load.h"
#include "files_fake.h"
#include "slurp.h"

static int32_t take(const char *text) {
    fault_clear(&app_why);
    int32_t rc = app_words_take("w.lua", (const uint8_t *)text, strlen(text), app_words, &app_why);
    assert_int_equal(rc, app_why.code);
    return rc;
}

static void every_kind_of_word_is_taken(void **state) {
    (void)state;
    assert_int_equal(
        take("return {\n"
             " headings = { ['新しい見出し'] = '高齢受給者証',\n"
             "   ['生活保護.情報'] = { section = '資格情報', record = '医療扶助' } },\n"
             " keys = { ['資格情報'] = { ['負担.割合'] = 'burden_percent' },\n"
             "   ['資格情報(医療扶助)'] = { ['負担者'] = 'insurer_number' },\n"
             "   ['見出しの前'] = { ['患者'] = 'reference_number' } },\n"
             " values = { burden_percent = { ['3.0割'] = '030' },\n"
             "   ['elderly.burden_percent'] = { ['２.0割'] = '020' },\n"
             "   limit = { category = { ['区分ウ'] = 'A03' } } },\n"
             " ignored = { ['資格情報'] = { '照会日時', '照会者' }, ['見出しの前'] = { 'お知らせ' "
             "} },\n"
             " dates = { 'D|M|Y' },\n"
             " beginnings = { '患者' },\n"
             "}\n"),
        SHK_OK);
    static const char text[] =
        "患者\t42\n資格情報\n確認日\t1|4|"
        "2024\n照会者\t見本\n照会日時\t今\n保険者番号\t06990014\n番号\t1\n"
        "氏名\t見本\n生年月日\t2|3|1950\n負担.割合\t3.0割\n新しい見出し\n負担割合\t2.0割\n"
        "限度額適用認定証\n適用区分\t区分ウ\nお知らせ\n何か\t1\n生活保護.情報\n負担者\t12990016\n"
        "氏名\t見本\n生年月日\t2|3|1950\n";
    assert_int_equal(app_take_text(text), SHK_OK);
    assert_int_equal(record_drift_count(app_set), 0);
    assert_int_equal(record_count(app_set), 2);
    app_assert(1, "reference_number", "42");
    app_assert(1, "confirmation_date", "2024-04-01");
    app_assert(1, "birth_date", "1950-03-02");
    app_assert_number(1, "burden_percent", 30);
    app_assert_number(1, "elderly.burden_percent", 20);
    app_assert(1, "limit.category", "A03");
    app_assert(2, "insurer_number", "12990016");
}

static void mistakes_are_named_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *where;
        int32_t code;
    } cases[] = {
        {"return {\n heading = {} }", "w.lua:2 heading", SHK_E_CONFIG_VALUE},
        {"return {\n keys = 'x' }", "w.lua:2 keys", SHK_E_CONFIG_VALUE},
        {"return { 'x' }", "w.lua:1 [1]", SHK_E_CONFIG_VALUE},
        {"return { headings = {\n ['新'] = '無い' } }", "w.lua:2 headings.新", SHK_E_CONFIG_VALUE},
        {"return { headings = {\n ['新'] = 1 } }", "w.lua:2 headings.新", SHK_E_CONFIG_VALUE},
        {"return { headings = {\n ['新'] = { record = '医療扶助' } } }", "w.lua:2 headings.新",
         SHK_E_CONFIG_VALUE},
        {"return { headings = {\n ['新'] = { section = '資格情報', record = '介護' } } }",
         "w.lua:2 headings.新", SHK_E_CONFIG_VALUE},
        {"return { headings = {\n ['新'] = { section = '資格情報',\n kind = 'x' } } }",
         "w.lua:3 headings.新.kind", SHK_E_CONFIG_VALUE},
        {"return { headings = {\n ['新'] = { section = '資格情報',\n record = {} } } }",
         "w.lua:3 headings.新.record", SHK_E_CONFIG_VALUE},
        {"return { keys = { ['資格情報'] = {\n ['新'] = 'no_path' } } }",
         "w.lua:2 keys.資格情報.新", SHK_E_CONFIG_VALUE},
        {"return { keys = { ['無い'] = {\n ['新'] = 'name' } } }", "w.lua:2 keys.無い.新",
         SHK_E_CONFIG_VALUE},
        {"return { keys = {\n '新' } }", "w.lua:2 keys[1]", SHK_E_CONFIG_VALUE},
        {"return { values = { sex = {\n ['新'] = '7' } } }", "w.lua:2 values.sex.新",
         SHK_E_CONFIG_VALUE},
        {"return { values = { sex = {\n ['新'] = 3 } } }", "w.lua:2 values.sex.新",
         SHK_E_CONFIG_VALUE},
        {"return { ignored = { ['無い'] = {\n '新' } } }", "w.lua:2 ignored.無い[1]",
         SHK_E_CONFIG_VALUE},
        {"return { dates = {\n 'Y年' } }", "w.lua:2 dates[1]", SHK_E_CONFIG_VALUE},
        {"return { beginnings = {\n '' } }", "w.lua:2 beginnings[1]", SHK_E_CONFIG_VALUE},
        {"return {\n", "w.lua:2", SHK_E_CONFIG_SYNTAX},
        {"\nreturn 1", "w.lua return", SHK_E_CONFIG_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t rc = take(cases[i].text);
        if (rc != cases[i].code ||
            strncmp(app_why.where, cases[i].where, strlen(cases[i].where)) != 0) {
            fail_msg("%s gives %d at %s", cases[i].text, (int)rc, app_why.where);
        }
    }
}

static void the_shipped_file_and_its_examples_are_good(void **state) {
    (void)state;
    size_t n;
    char *text = slurp(SOURCE_ROOT "/scripts/app_words.lua", &n);
    assert_int_equal(take(text), SHK_OK);
    assert_int_equal(app_take_file("t2.txt"), SHK_OK);
    text = slurp(SOURCE_ROOT "/scripts/app_words.lua", &n); /* the memory was used again */
    size_t examples = 0;
    for (char *p = strstr(text, "    -- "); p != NULL; p = strstr(p, "    -- ")) {
        memset(p, ' ', strlen("    -- "));
        examples++;
    }
    assert_int_equal(examples, 12);
    assert_int_equal(take(text), SHK_OK);
    assert_int_equal(app_take_text(app_changed("t3.txt", "1割", "３割負担")), SHK_OK);
    app_assert_number(1, "burden_percent", 30);
}

static struct files_fake files;

static void a_file_is_read_through_the_seam(void **state) {
    (void)state;
    struct env env = {.files = &files_fake_ops, .files_self = &files};
    files_fake_init(&files, "/in");
    fault_clear(&app_why);
    assert_int_equal(app_words_load("/in/w.lua", &env, app_words, &app_why), SHK_E_CONFIG_FILE);
    assert_string_equal(app_why.where, "w.lua");
    static const char text[] = "return {\n beginnings = { '新しい' }, x = 1 }";
    fault_clear(&app_why);
    files_fake_set(&files, "/in/w.lua", text);
    assert_int_equal(app_words_load("/in/w.lua", &env, app_words, &app_why), SHK_E_CONFIG_VALUE);
    assert_string_equal(app_why.where, "w.lua:2 x");
    assert_int_equal(app_why.native, 2);
    fault_clear(&app_why);
    files_fake_set(&files, "/in/w.lua", "return { beginnings = { '新しい' } }");
    assert_int_equal(app_words_load("/in/w.lua", &env, app_words, &app_why), SHK_OK);
    assert_true(app_is_text("新しい", strlen("新しい"), app_words));
    files_fake_clear(&files);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, app_set_up, app_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(every_kind_of_word_is_taken),
        CASE(mistakes_are_named_with_their_line),
        CASE(the_shipped_file_and_its_examples_are_good),
        CASE(a_file_is_read_through_the_seam),
    };
    return cmocka_run_group_tests_name("app_words_load", tests, NULL, NULL);
}
