/* A clinic's overlay: single fields are changed, and nothing is guessed where the vendor's script is not what the
 * overlay expects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"

static const char vendor[] = "return { contract = 1, id = 'v', format = 'csv', encoding = 'utf-8', "
                             "file = 'a', header = true,\n"
                             "uses = { 'name', 'name_kana', 'birth_date' },\n"
                             "fields = {\n"
                             "{ to = '氏名', from = 'name', max_chars = 5 },\n"
                             "{ to = 'カナ', from = 'name_kana', as = { 'kana_full', 'trim' } },\n"
                             "{ to = '生年', with = function(_, rec) return rec.birth_date end },\n"
                             "{ to = '区分', value = '1' } } }";

static const char *const pack_uses[] = {"name", "name_kana", "birth_date"};

static int32_t run_overlay(const char *overlay) {
    const struct mapping_job job = {
        .script = {"v.lua", (const uint8_t *)vendor, sizeof vendor - 1},
        .overlay = {"own.lua", (const uint8_t *)overlay, strlen(overlay)},
        .pack = "vendor-pack",
        .uses = pack_uses,
        .uses_n = 3};
    mapping_result_free(&result);
    fault_clear(&why);
    return mapping_run(&job, records, 1, &result, &why);
}

#define OWN(rest) "return { overlay = 1, pack = 'vendor-pack',\n" rest " }"

static void assert_written(const char *overlay, const char *head, const char *body) {
    assert_int_equal(run_overlay(overlay), SHK_OK);
    assert_string_equal(bytes_text(&result->head), head);
    assert_body(body);
}

static void single_fields_change(void **state) {
    (void)state;
    assert_written(OWN("fields = {}"), "氏名,カナ,生年,区分\r\n",
                   "見本　太郎,ミホン　タロウ,1989-01-07,1\r\n");
    assert_written(OWN("fields = { ['区分'] = { value = '2', was = { value = '1' } } }"),
                   "氏名,カナ,生年,区分\r\n", "見本　太郎,ミホン　タロウ,1989-01-07,2\r\n");
    assert_written(OWN("fields = { ['カナ'] = { as = 'kana_half',\n"
                       "was = { as = { 'kana_full', 'trim' } } },\n"
                       "['生年'] = { from = 'birth_date', as = 'wareki', unset = { 'with' },\n"
                       "was = { with = true } } }"),
                   "氏名,カナ,生年,区分\r\n", "見本　太郎,ﾐﾎﾝ ﾀﾛｳ,S64.01.07,1\r\n");
}

static void fields_come_and_go(void **state) {
    (void)state;
    assert_written(OWN("uses = { 'insurer_number' },\n"
                       "fields = { ['カナ'] = { remove = true, was = { from = 'name_kana' } } },\n"
                       "add = { { after = '氏名', to = '保険者', from = 'insurer_number' },\n"
                       "{ to = '末尾', value = 'z' } }"),
                   "氏名,保険者,生年,区分,末尾\r\n", "見本　太郎,990010,1989-01-07,1,z\r\n");
    /* What the overlay does not say it uses, it does not see. */
    assert_fault(run_overlay(OWN("add = { { to = '保険者',\nfrom = 'insurer_number' } }")),
                 SHK_E_SCRIPT_CONTRACT, "own.lua:3 保険者 from");
}

static void a_conflict_is_reported(void **state) {
    (void)state;
    static const struct {
        const char *overlay, *where;
    } bad[] = {
        {OWN("fields = { ['氏名'] = {\nmax_chars = 9,\nwas = { max_chars = 4 } } }"),
         "own.lua:4 氏名 max_chars"},
        {OWN("fields = { ['氏名'] = {\nmax_chars = 9 } }"), "own.lua:3 氏名 max_chars"},
        {OWN("fields = { ['氏名'] = {\nwas = { required = true } } }"), "own.lua:3 氏名 required"},
        {OWN("fields = { ['名前'] = { max_chars = 9 } }"), "own.lua:2 名前"},
        {OWN("fields = { ['生年'] = { with = function() return 1 end } }"), "own.lua:2 生年 with"},
        {OWN("fields = { ['カナ'] = { as = 'trim', was = { as = { 'kana_full' } } } }"),
         "own.lua:2 カナ as"},
        {OWN("fields = { ['カナ'] = { remove = true, max_chars = 1, was = { from = 'name_kana' } } "
             "}"),
         "own.lua:2 カナ max_chars"},
        {OWN("fields = { ['カナ[2]'] = { required = true } }"), "own.lua:2 カナ[2]"},
        {OWN("fields = { ['カナ'] = { remove = true } }"), "own.lua:2 カナ was"},
        {OWN("fields = { ['カナ'] = { unset = { 'as' } } }"), "own.lua:2 カナ unset"},
        {OWN("fields = { ['カナ'] = { to = 'x' } }"), "own.lua:2 カナ to"},
        {OWN("add = { { to = 'カナ', value = '1' } }"), "own.lua:2 カナ"},
        {OWN("add = { { to = 'x', value = '1', after = 'y' } }"), "own.lua:2 y"},
        {OWN("uses = { 'nmae' }"), "own.lua:2 uses"},
        {OWN("filds = {}"), "own.lua:1 filds"},
        {"return { overlay = 2, pack = 'vendor-pack' }", "own.lua:1 overlay"},
        {"return { overlay = 1, pack = 'other' }", "own.lua:1 pack"},
        {"return { overlay = 1 }", "own.lua:1 pack"},
        {OWN("uses = 'name'"), "own.lua:2 uses"},
        {OWN("fields = 5"), "own.lua:2 fields"},
        {OWN("fields = { 5 }"), "own.lua:2 fields"},
        {OWN("fields = { ['カナ'] = 5 }"), "own.lua:2 カナ"},
        {OWN("fields = { ['カナ'] = { required = true, was = 5 } }"), "own.lua:2 カナ was"},
        {OWN("fields = { ['カナ'] = { required = true, was = { 5 } } }"), "own.lua:2 カナ was"},
        {OWN("fields = { ['カナ'] = { unset = {} } }"), "own.lua:2 カナ unset"},
        {OWN("fields = { ['カナ'] = { remove = 1 } }"), "own.lua:2 カナ remove"},
        {OWN("fields = { ['カ\\nナ'] = { remove = true } }"), "own.lua:2 fields"},
        {OWN("add = 5"), "own.lua:2 add"},
        {OWN("add = { 5 }"), "own.lua:2 to"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fault(run_overlay(bad[i].overlay), SHK_E_OVERLAY, bad[i].where);
        assert_null(result);
    }
}

static void faults_name_the_text_they_are_in(void **state) {
    (void)state;
    assert_fault(run_overlay("return {"), SHK_E_SCRIPT_SYNTAX, "own.lua:1");
    assert_fault(run_overlay(OWN("fields = { ['区分'] = {\nvalue = {}, was = { value = '1' } } }")),
                 SHK_E_SCRIPT_CONTRACT, "own.lua:3 区分 value");
    assert_fault(
        run_overlay(OWN("fields = { ['区分'] = { unset = { 'value' },\nwas = { value = '1' "
                        "},\nwith = function()\nreturn nil .. '' end } }")),
        SHK_E_SCRIPT_RUN, "own.lua:5 区分");
    /* The vendor's rows keep their lines when others come before them. */
    assert_fault(run_overlay(OWN("add = { { after = '氏名', to = 'x', value = '' } },\n"
                                 "fields = { ['カナ'] = { max_chars = 1 } }")),
                 SHK_E_FIELD_TOO_LONG, "v.lua:5 カナ");
}

static int32_t run_other(const char *script, const char *overlay) {
    const struct mapping_job job = {
        .script = {"v.lua", (const uint8_t *)script, strlen(script)},
        .overlay = {"own.lua", (const uint8_t *)overlay, strlen(overlay)}};
    mapping_result_free(&result);
    fault_clear(&why);
    return mapping_run(&job, records, 1, &result, &why);
}

static void lists_without_end_are_refused(void **state) {
    (void)state;
    static const char nothing[] = "return { overlay = 1, pack = 'v' }";
    static const char frame[] =
        "return { contract = 1, id = 'v', format = 'xml', root = 'R', file = 'a',"
        "encoding = 'utf-8', fields = f }";
    char script[1024];
    text_format(script, sizeof script, "local f = {}\nf[1] = { fields = f }\n%s", frame);
    assert_fault(run_other(script, nothing), SHK_E_SCRIPT_CONTRACT, "v.lua fields");
    text_format(script, sizeof script,
                "local f = { { to = 'A', value = '1' } }\nfor i = 1, 30 do f = { { fields = f }, "
                "{ fields = f } } end\n%s",
                frame);
    assert_fault(run_other(script, nothing), SHK_E_SCRIPT_CONTRACT, "v.lua fields");
}

static void whole_names_tell_rows_apart(void **state) {
    (void)state;
    static const char script[] =
        "return { contract = 1, id = 'v', format = 'xml', root = 'R', file = 'a',"
        "encoding = 'utf-8', fields = { { to = 'A', fields = { { to = 'C', value = '1' } } },\n"
        "{ to = 'D', each = 'records', fields = { { to = 'N', from = 'name' } } } } }";
    assert_fault(run_other(script, "return { overlay = 1, pack = 'v', add = {\n"
                                   "{ to = 'C', after = 'A/C', value = '2' } } }"),
                 SHK_E_OVERLAY, "own.lua:2 C");
    assert_int_equal(run_other(script, "return { overlay = 1, pack = 'v', add = {\n"
                                       "{ to = 'E', after = 'A/C', value = '2' } },\n"
                                       "fields = { ['D[1]/N'] = { max_chars = 9 } } }"),
                     SHK_OK);
    assert_string_equal(result->fields[1].to, "A/E");
}

static void a_script_of_its_own_sees_what_the_overlay_uses(void **state) {
    (void)state;
    static const char script[] = "return { contract = 1, id = 'v', format = 'csv', file = 'a',"
                                 "encoding = 'utf-8', fields = { { to = 'A', from = 'name' } } }";
    assert_int_equal(run_other(script, "return { overlay = 1, pack = 'v', uses = { 'name_kana' },\n"
                                       "add = { { to = 'K', with = function(_, rec)\n"
                                       "return rec.name_kana end } } }"),
                     SHK_OK);
    assert_body("見本　太郎,ﾐﾎﾝ ﾀﾛｳ\r\n");
}

static void a_face_without_rows_gets_the_first_ones(void **state) {
    (void)state;
    static const char script[] = "return { contract = 1, id = 'v', format = 'face', file = 'a',"
                                 "encoding = 'utf-8', uses = { 'name', 'symbol' } }";
    assert_int_equal(run_other(script, "return { overlay = 1, pack = 'v',\n"
                                       "add = { { to = 'symbol', value = '見' } } }"),
                     SHK_OK);
    assert_non_null(strstr(bytes_text(&result->body), "<InsuredCardSymbol>見<"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(single_fields_change),
        MAPPING_TEST(fields_come_and_go),
        MAPPING_TEST(a_conflict_is_reported),
        MAPPING_TEST(faults_name_the_text_they_are_in),
        MAPPING_TEST(lists_without_end_are_refused),
        MAPPING_TEST(whole_names_tell_rows_apart),
        MAPPING_TEST(a_script_of_its_own_sees_what_the_overlay_uses),
        MAPPING_TEST(a_face_without_rows_gets_the_first_ones),
    };
    return cmocka_run_group_tests_name("mapping_overlay", tests, NULL, NULL);
}
