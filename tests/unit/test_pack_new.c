/* Packs made from samples, run by the engine that is there; samples that mean no good. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fold.h"
#include "mapping_stage.h"
#include "pack_new_stage.h"
#include "slurp.h"

static void load_person(void) {
    const struct bytes *xml = pack_new_file(made, "samples/mihon.xml");
    record_free(&records);
    assert_int_equal(oqs_read(xml->p, xml->n, NULL, &records, NULL), SHK_OK);
}

/* ---- what is in a pack ---- */

static void a_pack_has_its_files(void **state) {
    (void)state;
    static const char *const names[] = {"mapping.lua", "pack.lua", "README.md",
                                        "samples/mihon.xml"};
    assert_int_equal(make_pack_of_file("clinic.csv"), SHK_OK);
    assert_int_equal(made->files_n, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < made->files_n; i++) {
        assert_string_equal(made->files[i].name, names[i]);
        assert_true(made->files[i].content.n > 100);
    }
    assert_null(pack_new_file(made, "samples/mihon.expected"));
}

static const char *value_at(const struct lua_table *table, const char *path) {
    for (size_t i = 0; i < table->n; i++) {
        if (text_equal(table->at[i].path, path)) {
            return table->at[i].kind == LUA_KIND_TEXT ? table->at[i].text : "";
        }
    }
    return NULL;
}

static bool uses(const struct lua_table *table, const char *path) {
    for (size_t i = 0; i < table->n; i++) {
        if (text_starts(table->at[i].path, "uses[") && text_equal(table->at[i].text, path)) {
            return true;
        }
    }
    return false;
}

static void read_description(struct lua_table *out) {
    const struct bytes *text = pack_new_file(made, "pack.lua");
    assert_int_equal(lua_table_read("pack.lua", text->p, text->n, out, NULL), SHK_OK);
}

static void the_description_says_what_the_pack_is(void **state) {
    (void)state;
    struct lua_table table = {0};
    const char sample[] = "氏名,性別,負担割合,特定疾病1区分,謎\n";
    const struct pack_new_job job = {.sample = (const uint8_t *)sample,
                                     .sample_len = sizeof sample - 1,
                                     .sample_name = "t.csv",
                                     .id = "mihon-1.a_b",
                                     .vendor = "見本\"社\\n]]",
                                     .host = ""};
    assert_int_equal(pack_new(&job, &made, NULL), SHK_OK);
    read_description(&table);
    assert_string_equal(value_at(&table, "id"), "mihon-1.a_b");
    assert_string_equal(value_at(&table, "name"), "mihon-1.a_b");
    assert_string_equal(value_at(&table, "vendor"), "見本\"社\\n]]");
    assert_string_equal(value_at(&table, "format"), "csv");
    assert_string_equal(value_at(&table, "encoding"), "utf-8");
    assert_string_equal(value_at(&table, "script"), "mapping.lua");
    static const char *const used[] = {"name", "derived.sex", "burden_percent",
                                       "elderly.burden_percent", "specific_diseases"};
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) {
        assert_true(uses(&table, used[i]));
    }
    assert_false(uses(&table, "name_kana"));
    lua_table_clear(&table);
}

static void the_readme_lists_what_was_not_guessed(void **state) {
    (void)state;
    assert_int_equal(make_pack_of_text("氏名,謎|の*列,患者番号\n"), SHK_OK);
    const char *list = strstr(pack_text_of("README.md"), "## 推測できなかった項目");
    assert_non_null(list);
    assert_non_null(strstr(list, "謎\\|の\\*列 (mapping.lua:"));
    assert_null(strstr(list, "患者番号"));
    assert_non_null(strstr(list, "見本に値がなかった"));
    assert_null(strstr(list, "見本が英数字だけ"));
    assert_int_equal(make_pack_of_file("clinic.csv"), SHK_OK);
    assert_null(strstr(pack_text_of("README.md"), "見本に値がなかった"));
}

static void the_made_up_person_is_a_good_answer(void **state) {
    (void)state;
    struct value value;
    assert_int_equal(make_pack_of_file("clinic.csv"), SHK_OK);
    load_person();
    assert_int_equal(record_outcome(records), OUTCOME_ELIGIBLE);
    assert_int_equal(record_drift_count(records), 0);
    assert_int_equal(record_value(records, 1, "insurer_number", 14, &value), SHK_OK);
    assert_true(check_digit_ok(value.text, value.len));
}

static void what_came_out_becomes_the_expectation(void **state) {
    (void)state;
    struct bytes head = {0}, body = {0};
    assert_int_equal(make_pack_of_file("clinic.csv"), SHK_OK);
    assert_int_equal(bytes_append_text(&head, "A\r\n"), SHK_OK);
    assert_int_equal(bytes_append_text(&body, "1\r\n"), SHK_OK);
    assert_int_equal(pack_new_expect(made, &head, &body, "a.csv", NULL), SHK_OK);
    assert_string_equal(pack_text_of("samples/mihon.expected"), "A\r\n1\r\n");
    assert_string_equal(pack_text_of("samples/mihon.name"), "a.csv\n");
    assert_int_equal(make_pack_of_file("clinic.csv"), SHK_OK);
    assert_int_equal(pack_new_expect(made, &head, &body, NULL, NULL), SHK_OK);
    assert_null(pack_new_file(made, "samples/mihon.name"));
    bytes_clear(&head);
    bytes_clear(&body);
}

/* ---- the script in the engine ---- */

static int32_t run_made(bool check_only) {
    return run_text(pack_text_of("mapping.lua"), check_only);
}

/* An XML document leaves out what the person does not have. */
static void assert_same_names(bool all) {
    size_t at = 0;
    assert_true(!all || result->fields_n == made->guesses_n);
    for (size_t i = 0; i < result->fields_n; i++) {
        while (at < made->guesses_n && !text_equal(made->guesses[at].to, result->fields[i].to)) {
            at++;
        }
        assert_true(at < made->guesses_n);
        at++;
    }
}

static void every_script_passes_the_contract_and_runs(void **state) {
    (void)state;
    for (size_t i = 0; pack_samples[i] != NULL; i++) {
        assert_int_equal(make_pack_of_file(pack_samples[i]), SHK_OK);
        load_person();
        if (run_made(false) != SHK_OK) {
            print_error("%s: %s\n", pack_samples[i], why.where);
            fail();
        }
        assert_same_names(strstr(pack_samples[i], ".xml") == NULL);
    }
}

/* The document's heading is the host's own, byte for byte. */
static void the_heading_line_is_the_samples(void **state) {
    (void)state;
    for (size_t i = 0; pack_samples[i] != NULL; i++) {
        char path[256];
        size_t n;
        assert_int_equal(make_pack_of_file(pack_samples[i]), SHK_OK);
        if (strstr(pack_samples[i], ".xml") != NULL) {
            continue;
        }
        load_person();
        assert_int_equal(run_made(false), SHK_OK);
        snprintf(path, sizeof path, SAMPLES_DIR "%s", pack_samples[i]);
        const char *sample = slurp(path, &n), *second = strstr(sample, "\r\n#");
        sample = second != NULL ? second + 2 : sample;
        assert_true(result->head.n <= n);
        assert_memory_equal(result->head.p, sample, result->head.n);
        assert_int_equal(sample[result->head.n - 1], '\n');
    }
}

static const char *written(const char *to) {
    for (size_t i = 0; i < result->fields_n; i++) {
        if (text_equal(result->fields[i].to, to)) {
            return result->fields[i].value;
        }
    }
    return NULL;
}

static void the_person_comes_out_as_the_sample_writes(void **state) {
    (void)state;
    assert_int_equal(make_pack_of_file("clinic.csv"), SHK_OK);
    load_person();
    assert_int_equal(run_made(false), SHK_OK);
    assert_string_equal(written("氏名"), "見本　花子");
    assert_string_equal(written("フリガナ"), "ﾐﾎﾝ ﾊﾅｺ");
    assert_string_equal(written("生年月日"), "1952/03/05");
    assert_string_equal(written("性別"), "女");
    assert_string_equal(written("被保険者氏名"), "見本　太郎");
    assert_string_equal(written("備考"), "");
    assert_string_equal(written("保険者番号"), "  990010");
    assert_string_equal(written("枝番"), "02");
    assert_string_equal(written("負担割合"), "2"); /* of the elderly certificate */
    assert_int_equal(make_pack_of_text("氏名,フリガナ,性別,生年月日\n"
                                       "見本 花子,ミホン　ハナコ,F,S60.03.02\n"),
                     SHK_OK);
    assert_int_equal(run_made(false), SHK_OK);
    assert_string_equal(written("フリガナ"), "ミホン　ハナコ");
    assert_string_equal(written("性別"), "F");
    assert_string_equal(written("生年月日"), "S27.03.05");
}

static void the_document_is_built_like_the_sample(void **state) {
    (void)state;
    assert_int_equal(make_pack_of_file("register.xml"), SHK_OK);
    load_person();
    assert_int_equal(run_made(false), SHK_OK);
    const char *text = bytes_text(&result->body);
    assert_true(text_starts(text, "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>\r\n<"));
    assert_non_null(strstr(text, "\r\n    <"));
    assert_int_equal(make_pack_of_file("fhir.xml"), SHK_OK);
    assert_int_equal(run_made(false), SHK_OK);
    text = bytes_text(&result->body);
    assert_true(text_starts(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                  "<Bundle xmlns=\"http://hl7.org/fhir\">\n"));
    assert_non_null(strstr(text, "<birthDate value=\"1952-03-05\"/>"));
    assert_non_null(strstr(text, "<use value=\"official\"/>"));
    assert_int_equal(make_pack_of_file("kenshin_cda.xml"), SHK_OK);
    assert_int_equal(run_made(false), SHK_OK);
    assert_non_null(
        strstr(bytes_text(&result->body),
               "<addr><postalCode>999-9999</postalCode>見本県見本市見本町１－２－３</addr>"));
    assert_int_equal(make_pack_of_file("orca.xml"), SHK_OK);
    assert_int_equal(run_made(false), SHK_OK);
    text = bytes_text(&result->body);
    assert_non_null(strstr(text, "<Sex type=\"string\">2</Sex>"));
    assert_non_null(strstr(text, "<HealthInsurance_Information type=\"record\">"));
    assert_int_equal(make_pack_of_text("<R><資格喪失日/><有効期限>2025-07-31</有効期限></R>"),
                     SHK_OK);
    assert_int_equal(run_made(false), SHK_OK);
    assert_non_null(strstr(bytes_text(&result->body), "<資格喪失日/>")); /* empty there too */
    assert_int_equal(make_pack_of_text("<R><A/><B>x</B></R>"), SHK_OK);
    assert_int_equal(run_made(false), SHK_OK);
    assert_non_null(strstr(bytes_text(&result->body), "<R>\n"));
    assert_false(text_starts(bytes_text(&result->body), "<?xml"));
}

static void every_line_is_that_of_its_row(void **state) {
    (void)state;
    for (size_t i = 0; pack_samples[i] != NULL; i++) {
        assert_int_equal(make_pack_of_file(pack_samples[i]), SHK_OK);
        const char *text = pack_text_of("mapping.lua");
        int32_t line = 1;
        for (size_t k = 0; k < made->guesses_n; k++) {
            while (line < made->guesses[k].line) {
                text = strchr(text, '\n') + 1;
                line++;
            }
            assert_true(text_starts(text, "    { to = \""));
            const char *mark = strstr(text, "要確認");
            bool marked = mark != NULL && mark < strchr(text, '\n');
            assert_true(marked == text_equal(made->guesses[k].sure, "unknown"));
        }
    }
}

/* ---- values stay out ---- */

static void assert_nowhere(const char *value) {
    for (size_t i = 0; i < made->files_n; i++) {
        assert_null(strstr(bytes_text(&made->files[i].content), value));
    }
    for (size_t i = 0; i < made->guesses_n; i++) {
        assert_true(made->guesses[i].constant == NULL ||
                    strstr(made->guesses[i].constant, value) == NULL);
    }
}

static void no_value_of_the_sample_gets_into_the_pack(void **state) {
    (void)state;
    assert_int_equal(make_pack_of_text("氏名,番号,謎,性別\n秘密,秘密1,秘密2,秘密3\n"), SHK_OK);
    assert_nowhere("秘密");
    assert_int_equal(make_pack_of_text("<R name='秘密' id='秘密'><item name='秘密'>秘密</item>"
                                       "<氏名 value='秘密' type='秘密'>秘密</氏名>"
                                       "<status value='秘密 です'/><a xml:lang='ja' key='秘密'/>"
                                       "秘密</R>"),
                     SHK_OK);
    assert_nowhere("秘密");
    assert_int_equal(make_pack_of_text("秘密,1985/03/02,女\n"), SHK_E_PACK_SOURCE);
    assert_string_equal(pack_why.where, "t.csv:1 見出しの行ではなく、データの行のようです");
}

/* ---- samples that mean no good ---- */

static void a_sample_that_cannot_be_used_is_refused(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", "t.csv:1 空です"},
        {"\r\n\r\n", "t.csv:1 見出しがありません"},
        {",,,,", "t.csv:1 見出しがありません"},
        {"氏名,,番号", "t.csv:1 2列目: 見出しがありません"},
        {"氏名,番号,記号,番号", "t.csv:1 4列目: 2列目と同じ見出しです"},
        {"氏名,\"番\n号\"", "t.csv:1 2列目: 改行や制御文字があります"},
        {"氏名,備考[]", "t.csv:1 2列目: [] を含む名前は使えません"},
        {"氏名,a\x07", "t.csv:1 2列目: 改行や制御文字があります"},
        {"氏名,\"番号", "t.csv:1 引用符が閉じていません"},
        {"氏名,\"番\"号", "t.csv:1 閉じた引用符のあとに文字があります"},
        {"氏名\n\n見本,\"x", "t.csv:3 引用符が閉じていません"},
        {"氏名,\xFF\xFE\x81", "t.csv:1 文字コードが UTF-8 でも CP932 でもありません"},
        {"\xFF\xFE\x41\x01", "t.csv:1 文字コードが UTF-16 です"},
        {"\xB4\xB5\xBC\xD4,\xBB\xE1\xCC\xBE\n",
         "t.csv:1 文字コードが EUC-JP のようです。UTF-8 で保存し直してください"},
        {"<R>", "t.csv:1 XMLとして読めません"},
        {"<R>\n<A></B></R>", "t.csv:2 XMLとして読めません"},
        {"<R><a:b:c xmlns:a='urn:x'>1</a:b:c></R>", "t.csv:1 スクリプトで使えない名前です"},
        {"<R:x:y><A/></R:x:y>", "t.csv:1 スクリプトで使えない名前です"},
        {"<R>x</R>", "t.csv:1 要素がありません"},
        {"<!DOCTYPE R [<!ENTITY a 'b'>]><R><A>&a;</A></R>", "t.csv:1 XMLとして読めません"},
        {"<R>&a;</R>", "t.csv:1 XMLとして読めません"},
        {"<R><A>\x01</A></R>", "t.csv:1 XMLとして読めません"},
        {"<?xml version=\"1.0\" encoding=\"EUC-JP\"?><R><A/></R>",
         "t.csv:1 文字コードが読めません。UTF-8 か Shift_JIS にしてください"},
        {"<R><A>\xFF</A></R>", "t.csv:1 文字コードが読めません。UTF-8 か Shift_JIS にしてください"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int32_t rc = make_pack_of_text(cases[i][0]);
        if (rc != SHK_E_PACK_SOURCE || !text_equal(pack_why.where, cases[i][1])) {
            print_error("case %d: %s\n", (int)i, pack_why.where);
            fail();
        }
    }
}

/* A row of `n` columns c0, c1, … */
static size_t many_columns(char *out, size_t cap, int n) {
    size_t used = 0;
    for (int i = 0; i < n; i++) {
        used += text_format(out + used, cap - used, i > 0 ? ",c%d" : "c%d", i);
    }
    return used;
}

static void the_limits_of_a_script_hold(void **state) {
    (void)state;
    static char sample[200000];
    size_t n = many_columns(sample, sizeof sample, 500);
    assert_int_equal(make_pack(sample, n, "t.csv"), SHK_OK);
    assert_int_equal(run_made(true), SHK_OK);
    n = many_columns(sample, sizeof sample, 501);
    assert_int_equal(make_pack(sample, n, "t.csv"), SHK_E_PACK_SOURCE);
    assert_string_equal(pack_why.where, "t.csv:1 列が多すぎます");
    n = many_columns(sample, sizeof sample, 2000);
    assert_int_equal(make_pack(sample, n, "t.csv"), SHK_E_PACK_SOURCE);
    assert_string_equal(pack_why.where, "t.csv:1 列が多すぎます");
    memset(sample, 'a', 5000);
    assert_int_equal(make_pack(sample, 5000, "t.csv"), SHK_E_PACK_SOURCE);
    assert_string_equal(pack_why.where, "t.csv:1 1列目: 名前が長すぎます");
    static char large[1024 * 1024 + 1];
    assert_int_equal(make_pack(large, sizeof large, "t.csv"), SHK_E_PACK_SOURCE);
    assert_string_equal(pack_why.where, "t.csv:1 大きすぎます");
}

/* `n` times the text, between the two others. */
static size_t repeat(char *out, size_t cap, const char *before, const char *text, int n,
                     const char *after) {
    size_t used = text_format(out, cap, "%s", before);
    for (int i = 0; i < n; i++) {
        used += text_format(out + used, cap - used, "%s", text);
    }
    return used + text_format(out + used, cap - used, "%s", after);
}

static void the_limits_of_a_document_hold(void **state) {
    (void)state;
    static char sample[200000];
    repeat(sample, sizeof sample, "<R>", "<A>x</A>", 500, "</R>");
    assert_int_equal(make_pack_of_text(sample), SHK_OK);
    assert_int_equal(run_made(true), SHK_OK);
    repeat(sample, sizeof sample, "<R>\n", "<A>x</A>", 501, "</R>");
    assert_int_equal(make_pack_of_text(sample), SHK_E_PACK_SOURCE);
    assert_string_equal(pack_why.where, "t.csv:2 要素が多すぎます。1人分の見本にしてください");
    repeat(sample, sizeof sample, "<R>", "<A>", 15,
           "x</A></A></A></A></A></A></A></A></A></A>"
           "</A></A></A></A></A></R>");
    assert_int_equal(make_pack_of_text(sample), SHK_OK);
    assert_int_equal(run_made(true), SHK_OK);
    repeat(sample, sizeof sample, "<R>", "<A>", 5000, "");
    assert_int_equal(make_pack_of_text(sample), SHK_E_PACK_SOURCE);
    assert_string_equal(pack_why.where, "t.csv:1 要素の入れ子が深すぎます");
    repeat(sample, sizeof sample, "<R><", "abcdefghij", 30, "/></R>");
    assert_int_equal(make_pack_of_text(sample), SHK_E_PACK_SOURCE);
    assert_string_equal(pack_why.where, "t.csv:1 名前が長すぎます");
}

static void a_job_that_is_none_is_refused(void **state) {
    (void)state;
    static const char *const ids[] = {"",    "-a",   ".a",   "a.", "a/b",  "a\\b",
                                      "a b", "見本", "a\nb", "..", "a\"b", NULL};
    struct pack_new_job job = {
        .sample = (const uint8_t *)"a", .sample_len = 1, .sample_name = "t.csv", .id = "a"};
    struct fault fault = {0};
    for (size_t i = 0; ids[i] != NULL; i++) {
        job.id = ids[i];
        fault_clear(&fault);
        assert_int_equal(pack_new(&job, &made, &fault), SHK_E_INPUT);
        assert_string_equal(fault.where, "id");
        assert_null(made);
    }
    job.id = "a";
    job.host = "x\ny";
    fault_clear(&fault);
    assert_int_equal(pack_new(&job, &made, &fault), SHK_E_INPUT);
    assert_string_equal(fault.where, "host");
    job.host = NULL;
    job.sample_name = "a\nos.exit()";
    fault_clear(&fault);
    assert_int_equal(pack_new(&job, &made, &fault), SHK_E_INPUT);
    assert_string_equal(fault.where, "sample_name");
}

/* ---- names at random ---- */

static uint32_t seed;

static uint32_t next_random(uint32_t below) {
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static const char *const pieces[] = {
    "\"\"", "\\", "]]", "--[[", "]=]", "'",  "%s",   "\\n",      "氏名", "患者", "番号",
    "カナ", "ﾌﾘ", "（", "）",   "年",  "𠮷", "é",    "\xC2\xA0", "　",   " ",    "a",
    "Name", "_",  "-",  "/",    "1",   "２", "{",    "}",        "--",   "\\0",  "return",
    "<",    ">",  "&",  "#",    "|",   "`",  "$(x)", "end",      "U+",   "ゔ",   "々",
};

static void random_name(char *out, size_t cap) {
    size_t n = 0;
    out[0] = '\0';
    for (uint32_t i = 0, count = 1 + next_random(6); i < count; i++) {
        n += text_format(out + n, cap - n, "%s",
                         pieces[next_random(sizeof pieces / sizeof *pieces)]);
    }
}

static size_t random_heading(char *out, size_t cap) {
    size_t n = 0;
    for (uint32_t i = 0, count = 1 + next_random(12); i < count; i++) {
        char name[128];
        random_name(name, sizeof name);
        n += text_format(out + n, cap - n, i > 0 ? ",\"%s%d\"" : "\"%s%d\"", name, (int)i);
    }
    return n;
}

static void random_headings_never_make_a_bad_script(void **state) {
    (void)state;
    size_t good = 0;
    seed = 20250602;
    for (int i = 0; i < 400; i++) {
        char sample[4096];
        size_t n = random_heading(sample, sizeof sample);
        int32_t rc = make_pack(sample, n, "t.csv");
        assert_true(rc == SHK_OK || rc == SHK_E_PACK_SOURCE);
        if (rc == SHK_OK) {
            struct lua_table table = {0};
            load_person();
            if (run_made(false) != SHK_OK) {
                print_error("%s: %s\n", sample, why.where);
                fail();
            }
            assert_same_names(true);
            read_description(&table);
            lua_table_clear(&table);
            good++;
        }
    }
    assert_true(good > 250);
}

/* Names that XML takes, values that it does not take without escapes. */
static void random_documents_never_make_a_bad_script(void **state) {
    (void)state;
    static const char *const names[] = {"氏名", "Patient", "_x",   "a.b", "a-b",
                                        "name", "枝番",    "Code", "カナ"};
    static const char *const values[] = {"",   "1",    "&quot;",     "&lt;x&gt;", "]]",
                                         "\\", "見本", "1985-03-02", "&#10;",     "http://x/\\\"y"};
    seed = 20250603;
    for (int i = 0; i < 150; i++) {
        char sample[8192];
        size_t n = text_format(sample, sizeof sample, "<R>");
        for (uint32_t k = 0, count = 1 + next_random(10); k < count; k++) {
            const char *name = names[next_random(sizeof names / sizeof *names)];
            n += text_format(sample + n, sizeof sample - n,
                             "<%s xmlns='%s' x='%s'><%s>%s</%s></%s>", name, values[next_random(9)],
                             values[next_random(9)], name, values[next_random(9)], name, name);
        }
        text_format(sample + n, sizeof sample - n, "</R>");
        assert_int_equal(make_pack_of_text(sample), SHK_OK);
        load_person();
        assert_int_equal(run_made(false), SHK_OK);
        assert_same_names(false);
    }
}

static int clear_all(void **state) {
    pack_tear_down(state);
    return tear_down(state);
}

#define PACK_TEST(name) cmocka_unit_test_teardown(name, clear_all)

int main(void) {
    const struct CMUnitTest tests[] = {
        PACK_TEST(a_pack_has_its_files),
        PACK_TEST(the_description_says_what_the_pack_is),
        PACK_TEST(the_readme_lists_what_was_not_guessed),
        PACK_TEST(the_made_up_person_is_a_good_answer),
        PACK_TEST(what_came_out_becomes_the_expectation),
        PACK_TEST(every_script_passes_the_contract_and_runs),
        PACK_TEST(the_heading_line_is_the_samples),
        PACK_TEST(the_person_comes_out_as_the_sample_writes),
        PACK_TEST(the_document_is_built_like_the_sample),
        PACK_TEST(every_line_is_that_of_its_row),
        PACK_TEST(no_value_of_the_sample_gets_into_the_pack),
        PACK_TEST(a_sample_that_cannot_be_used_is_refused),
        PACK_TEST(the_limits_of_a_script_hold),
        PACK_TEST(the_limits_of_a_document_hold),
        PACK_TEST(a_job_that_is_none_is_refused),
        PACK_TEST(random_headings_never_make_a_bad_script),
        PACK_TEST(random_documents_never_make_a_bad_script),
    };
    return cmocka_run_group_tests_name("pack_new", tests, NULL, NULL);
}
