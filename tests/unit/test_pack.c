/* pack.lua and the folder around it: what is read, and every way that it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pack_job.h"
#include "pack_rows.h"
#include "pack_stage.h"
#include "platform.h"
#include "temp_folder.h"

static int32_t read_pack(struct pack **out) {
    fault_clear(&stage.why);
    return pack_read(&stage.world, PACK_AT, out, &stage.why);
}

static void assert_refused(const char *where) {
    struct pack *pack = NULL;
    int32_t rc = read_pack(&pack);
    assert_null(pack);
    pack_stage_assert_fault(rc, SHK_E_PACK, where);
}

static void a_pack_says_what_it_is(void **state) {
    struct pack *pack = NULL;
    (void)state;
    assert_int_equal(read_pack(&pack), SHK_OK);
    assert_string_equal(pack->text[PACK_ID], "mihon-csv");
    assert_string_equal(pack->text[PACK_VERSION], "1.2.3");
    assert_string_equal(pack->text[PACK_NAME], "見本CSV");
    assert_string_equal(pack->text[PACK_HOST], "見本レセコン");
    assert_string_equal(pack->text[PACK_SCRIPT], "mapping.lua");
    assert_int_equal(pack->line[PACK_ID], 5);
    assert_int_equal(pack->contract, 1);
    assert_int_equal(pack->host_versions.n, 2);
    assert_string_equal(pack->host_versions.at[1], "5.1");
    assert_int_equal(pack->uses.n, 8);
    assert_string_equal(pack->uses.at[7], "elderly");
    assert_string_equal(pack->folder.name, "mihon-csv");
    assert_int_equal(pack_check(pack, &stage.world, &stage.why), SHK_OK);
    pack_free(&pack);
    assert_null(pack);
    pack_free(&pack);
}

static void the_rows_of_the_script_are_told(void **state) {
    struct pack_rows rows;
    struct pack *pack = NULL;
    (void)state;
    assert_int_equal(read_pack(&pack), SHK_OK);
    assert_int_equal(pack_rows_read(pack, &rows, &stage.why), SHK_OK);
    assert_int_equal(rows.n, 5);
    assert_string_equal(rows.at[0].to, "氏名");
    assert_string_equal(rows.at[0].from, "name");
    assert_int_equal(rows.at[0].line, 16);
    assert_int_equal(rows.at[0].limit, 20);
    assert_false(rows.at[0].limit_in_chars);
    assert_string_equal(rows.at[1].helpers, "kana_half trim");
    assert_int_equal(rows.at[3].limit, 8);
    assert_true(rows.at[3].limit_in_chars);
    assert_string_equal(rows.at[4].from, "");
    assert_string_equal(rows.at[4].helpers, "with");
    assert_int_equal(pack_rows_separator(pack), ',');
    pack_rows_clear(&rows);
    pack_free(&pack);
}

static void rows_in_groups_are_told_with_their_groups(void **state) {
    struct pack_rows rows;
    struct pack *pack = NULL;
    (void)state;
    pack_stage_set(
        "mapping.lua",
        "return { separator = ';', fields = {\n"
        "  { each = 'specific_diseases', to = 'Disease', fields = {\n"
        "    { to = 'Code', from = 'disease', as = 'digits', width = 2, unit = 'chars' },\n"
        "    { fields = { { to = 'Yen', from = 'self_pay_yen' } }, to = 'Pay' },\n"
        "    { to = 'Number', value = '1' } } },\n"
        "  { to = 'Last', with = function() end, from = 'name' } } }");
    assert_int_equal(read_pack(&pack), SHK_OK);
    assert_int_equal(pack_rows_read(pack, &rows, &stage.why), SHK_OK);
    assert_int_equal(rows.n, 4);
    assert_string_equal(rows.at[0].to, "Disease[]/Code");
    assert_string_equal(rows.at[0].from, "specific_diseases[].disease");
    assert_int_equal(rows.at[0].limit, 2);
    assert_true(rows.at[0].limit_in_chars);
    assert_string_equal(rows.at[1].to, "Disease[]/Pay/Yen");
    assert_string_equal(rows.at[1].from, "specific_diseases[].self_pay_yen");
    assert_string_equal(rows.at[2].from, "");
    assert_string_equal(rows.at[3].to, "Last");
    assert_string_equal(rows.at[3].from, "name");
    assert_int_equal(pack_rows_separator(pack), ';');
    pack_rows_clear(&rows);
    pack_free(&pack);
}

/* From a key of the good pack.lua to what is wrong with it. */
static void what_is_wrong_is_told_with_line_and_key(void **state) {
    static const struct {
        const char *from, *to, *where;
    } wrong[] = {
        {"pack = 1,", "pack = 2,", "mihon-csv/pack.lua:4 pack"},
        {"pack = 1,", "", "mihon-csv/pack.lua pack"},
        {"contract = 1,", "contract = 2,", "mihon-csv/pack.lua:12 contract"},
        {"contract = 1,", "contract = \"1\",", "mihon-csv/pack.lua:12 contract"},
        {"contract = 1,", "", "mihon-csv/pack.lua contract"},
        {"notes =", "note =", "mihon-csv/pack.lua:17 note"},
        {"id = \"mihon-csv\"", "id = \"見本\"", "mihon-csv/pack.lua:5 id"},
        {"id = \"mihon-csv\"", "id = \"\"", "mihon-csv/pack.lua:5 id"},
        {"id = \"mihon-csv\"", "id = 7", "mihon-csv/pack.lua:5 id"},
        {"id = \"mihon-csv\",", "", "mihon-csv/pack.lua id"},
        {"version = \"1.2.3\"", "version = \"1.2\"", "mihon-csv/pack.lua:6 version"},
        {"version = \"1.2.3\"", "version = \"1.2.3.4\"", "mihon-csv/pack.lua:6 version"},
        {"version = \"1.2.3\"", "version = \"1.02.3\"", "mihon-csv/pack.lua:6 version"},
        {"version = \"1.2.3\"", "version = \"1.2.x\"", "mihon-csv/pack.lua:6 version"},
        {"version = \"1.2.3\"", "version = \"1.2.123456\"", "mihon-csv/pack.lua:6 version"},
        {"version = \"1.2.3\"", "version = 1", "mihon-csv/pack.lua:6 version"},
        {"name = \"見本CSV\",", "", "mihon-csv/pack.lua name"},
        {"name = \"見本CSV\"", "name = \"見本\\nCSV\"", "mihon-csv/pack.lua:7 name"},
        {"name_en = \"Sample CSV\",", "", "mihon-csv/pack.lua name_en"},
        {"vendor = \"見本ソフト\"", "vendor = { \"見本\" }", "mihon-csv/pack.lua:9 vendor"},
        {"{ \"5.0\", \"5.1\" }", "\"5.0\"", "mihon-csv/pack.lua:11 host_versions"},
        {"{ \"5.0\", \"5.1\" }", "{ 5 }", "mihon-csv/pack.lua:11 host_versions[1]"},
        {"{ \"5.0\", \"5.1\" }", "{ [2] = \"5\" }", "mihon-csv/pack.lua:11 host_versions[2]"},
        {"adapter = \"folder\"", "adapter = \"fax\"", "mihon-csv/pack.lua:15 adapter"},
        {"\"elderly\"", "\"elder\"", "mihon-csv/pack.lua:16 uses[8]"},
        {"\"elderly\"", "\"name\"", "mihon-csv/pack.lua:16 uses[8]"},
        {"\"elderly\"", "\"specific_diseases[1].disease\"", "mihon-csv/pack.lua:16 uses[8]"},
        {"uses =", "use =", "mihon-csv/pack.lua:16 use"},
        {"notes =", "script = \"main.lua\", notes =", "mihon-csv/pack.lua:17 script"},
        {"notes =", "script = \"../mapping.lua\", notes =", "mihon-csv/pack.lua:17 script"},
        {"notes =", "script = \"samples/kenpo.xml\", notes =", "mihon-csv/pack.lua:17 script"},
        {"notes =", "script = \"..\", notes =", "mihon-csv/pack.lua:17 script"},
        {"notes =", "script = \"pack.lua\", notes =", "mihon-csv/pack.lua:17 script"},
        {"notes =", "script = \"C:mapping.lua\", notes =", "mihon-csv/pack.lua:17 script"},
        {"notes =", "notes", "mihon-csv/pack.lua:17"},
    };
    (void)state;
    struct bytes good = {0};
    assert_int_equal(bytes_append_text(&good, pack_stage_get("pack.lua")), SHK_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        pack_stage_set("pack.lua", bytes_text(&good));
        pack_stage_change("pack.lua", wrong[i].from, wrong[i].to);
        assert_refused(wrong[i].where);
    }
    bytes_clear(&good);
}

static void groups_lists_fields_and_nothing_can_be_used(void **state) {
    static const char *const lists[] = {"{ \"specific_diseases\", \"elderly.burden_percent\" }",
                                        "{}", "{ \"validity_label\" }"};
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char text[600];
        struct pack *pack = NULL;
        snprintf(text, sizeof text,
                 "return { pack = 1, id = 'a', version = '0.0.1', name = 'a', name_en = 'a', "
                 "vendor = 'a', host = 'a', host_versions = {}, contract = 1, format = 'csv', "
                 "encoding = 'cp932', adapter = 'folder', uses = %s }",
                 lists[i]);
        pack_stage_set("pack.lua", text);
        assert_int_equal(read_pack(&pack), SHK_OK);
        pack_free(&pack);
    }
}

static void the_script_must_say_the_same(void **state) {
    static const struct {
        const char *file, *from, *to;
        int32_t code;
        const char *where;
    } wrong[] = {
        {"pack.lua", "format = \"csv\"", "format = \"xml\"", SHK_E_PACK,
         "mihon-csv/pack.lua:13 format"},
        {"pack.lua", "encoding = \"cp932\"", "encoding = \"utf-8\"", SHK_E_PACK,
         "mihon-csv/pack.lua:14 encoding"},
        {"mapping.lua", "from = \"name\"", "from = \"nam\"", SHK_E_SCRIPT_CONTRACT,
         "mihon-csv/mapping.lua:16 氏名 from"},
        {"mapping.lua", "contract = 1", "contract = 2", SHK_E_SCRIPT_CONTRACT,
         "mihon-csv/mapping.lua:4 contract"},
        {"mapping.lua", "return {", "return", SHK_E_SCRIPT_SYNTAX, "mihon-csv/mapping.lua:4"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct pack *pack = NULL;
        pack_stage_close(NULL);
        assert_int_equal(pack_stage_open(NULL), 0);
        pack_stage_change(wrong[i].file, wrong[i].from, wrong[i].to);
        assert_int_equal(read_pack(&pack), SHK_OK);
        int32_t rc = pack_check(pack, &stage.world, &stage.why);
        pack_stage_assert_fault(rc, wrong[i].code, wrong[i].where);
        pack_free(&pack);
    }
}

static void a_folder_without_a_pack_is_told(void **state) {
    struct pack *pack = NULL;
    (void)state;
    files_fake_drop(&stage.files, pack_stage_path("pack.lua"));
    assert_refused("mihon-csv/pack.lua");
    pack_stage_assert_fault(pack_read(&stage.world, "/packs/none/", &pack, &stage.why), SHK_E_PACK,
                            "none");
    assert_null(pack);
}

static void a_file_that_cannot_be_read_or_is_too_large_is_named(void **state) {
    (void)state;
    files_fake_fail(&stage.files, FILES_FAKE_READ, SHK_E_FOLDER_WRITE, 0);
    struct pack *pack = NULL;
    assert_int_equal(read_pack(&pack), SHK_E_PACK);
    assert_int_equal(stage.why.native, 5);
    files_fake_fail(&stage.files, FILES_FAKE_READ, SHK_E_MEMORY, 0);
    assert_int_equal(read_pack(&pack), SHK_E_MEMORY);
    files_fake_fail(&stage.files, FILES_FAKE_LIST, SHK_E_FOLDER_WRITE, 1);
    assert_refused("mihon-csv");
    files_fake_fail(&stage.files, FILES_FAKE_NEVER, 0, 0);
    size_t n = (size_t)4 * 1024 * 1024 + 1;
    uint8_t *large = calloc(1, n);
    assert_non_null(large);
    files_fake_set_n(&stage.files, pack_stage_path("samples/large.xml"), large, n);
    assert_refused("mihon-csv/samples/large.xml");
    files_fake_set_n(&stage.files, pack_stage_path("samples/large.xml"), large, n - 1);
    assert_int_equal(read_pack(&pack), SHK_OK);
    pack_free(&pack);
    for (int i = 0; i < 8; i++) {
        char name[32];
        snprintf(name, sizeof name, "samples/z%d.xml", i);
        files_fake_set_n(&stage.files, pack_stage_path(name), large, n - 1);
    }
    assert_int_equal(read_pack(&pack), SHK_E_PACK);
    free(large);
}

static void a_name_that_no_line_can_hold_is_refused(void **state) {
    (void)state;
    pack_stage_set("samples/a\nb.xml", "x");
    assert_refused("mihon-csv/samples/a\nb.xml");
    files_fake_drop(&stage.files, pack_stage_path("samples/a\nb.xml"));
    char name[260] = "samples/";
    memset(name + 8, 'a', 193);
    pack_stage_set(name, "x");
    struct pack *pack = NULL;
    assert_int_equal(read_pack(&pack), SHK_E_PACK);
}

static void folders_too_deep_are_refused(void **state) {
    char path[100] = PACK_AT;
    struct pack *pack = NULL;
    (void)state;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(read_pack(&pack), SHK_OK);
        pack_free(&pack);
        text_copy(path + strlen(path), sizeof path - strlen(path), "/a");
        files_fake_add_folder(&stage.files, path);
    }
    assert_refused("mihon-csv/a/a/a/a/a");
}

static void the_mark_tells_every_change(void **state) {
    struct pack_folder before, after;
    static const char *const files[] = {"pack.lua", "samples/kenpo.expected", "README.md"};
    (void)state;
    assert_int_equal(pack_folder_read(&stage.env, PACK_AT, &before, &stage.why), SHK_OK);
    assert_int_equal(pack_folder_read(&stage.env, PACK_AT, &after, &stage.why), SHK_OK);
    assert_memory_equal(before.mark, after.mark, 32);
    pack_folder_clear(&after);
    for (size_t i = 0; i < 3; i++) {
        struct bytes old = {0};
        const struct pack_file *file = pack_folder_find(&before, files[i]);
        assert_int_equal(bytes_append(&old, file->content.p, file->content.n), SHK_OK);
        old.p[old.n / 2] ^= 1;
        files_fake_set_n(&stage.files, pack_stage_path(files[i]), old.p, old.n);
        assert_int_equal(pack_folder_read(&stage.env, PACK_AT, &after, &stage.why), SHK_OK);
        assert_memory_not_equal(before.mark, after.mark, 32);
        old.p[old.n / 2] ^= 1;
        files_fake_set_n(&stage.files, pack_stage_path(files[i]), old.p, old.n);
        pack_folder_clear(&after);
        bytes_clear(&old);
    }
    pack_stage_set("new", "");
    assert_int_equal(pack_folder_read(&stage.env, PACK_AT, &after, &stage.why), SHK_OK);
    assert_memory_not_equal(before.mark, after.mark, 32);
    pack_folder_clear(&after);
    pack_folder_clear(&before);
}

/* The block of Lua with this word in it, from docs/packs.md. */
static void read_block(const char *word, struct bytes *out) {
    struct bytes page = {0};
    assert_int_equal(platform_files.read(NULL, SOURCE_ROOT "/docs/packs.md", 100000, &page, NULL),
                     SHK_OK);
    const char *end = bytes_text(&page);
    for (const char *at = strstr(end, "```lua\n"); at != NULL && out->n == 0;
         at = strstr(end, "```lua\n")) {
        at += 7;
        end = strstr(at, "```");
        assert_non_null(end);
        const char *found = strstr(at, word);
        if (found != NULL && found < end) {
            assert_int_equal(bytes_append(out, at, (size_t)(end - at)), SHK_OK);
        }
        end += 3;
    }
    bytes_clear(&page);
    assert_true(out->n > 0);
}

static void the_examples_of_the_page_are_right(void **state) {
    struct bytes lua = {0}, overlay = {0};
    struct pack *pack = NULL;
    struct mapping *m = NULL;
    (void)state;
    read_block("overlay = 1", &overlay);
    assert_int_equal(read_pack(&pack), SHK_OK);
    struct mapping_job job = pack_job_for(pack, &stage.world);
    job.overlay = (struct mapping_text){"uchi.lua", overlay.p, overlay.n};
    assert_int_equal(mapping_open(&job, &m, &stage.why), SHK_OK);
    mapping_close(&m);
    pack_free(&pack);
    read_block("pack = 1", &lua);
    pack_stage_set("pack.lua", bytes_text(&lua));
    assert_int_equal(read_pack(&pack), SHK_OK);
    assert_string_equal(pack->text[PACK_ID], "generic-csv");
    pack_free(&pack);
    bytes_clear(&lua);
    bytes_clear(&overlay);
}

/* A script or a folder that is only a link may lie anywhere: it is not in the pack. */
static void a_link_is_not_in_the_pack(void **state) {
    const struct env disk = {.files = &platform_files};
    const struct pack_world world = {.env = &disk, .adapter_known = stage.world.adapter_known};
    struct temp_folder folder, outside;
    struct pack *pack = NULL;
    char where[160];
    (void)state;
    assert_true(temp_folder_make(&folder) && temp_folder_make(&outside));
    temp_write(&folder, "pack.lua", pack_stage_get("pack.lua"));
    temp_write(&outside, "mapping.lua", pack_stage_get("mapping.lua"));
    assert_int_equal(symlink(temp_path(&outside, "mapping.lua"), temp_path(&folder, "mapping.lua")),
                     0);
    assert_int_equal(symlink(outside.path, temp_path(&folder, "samples")), 0);
    snprintf(where, sizeof where, "%s/pack.lua script", text_file_name(folder.path));
    int32_t rc = pack_read(&world, folder.path, &pack, &stage.why);
    pack_stage_assert_fault(rc, SHK_E_PACK, where);
    temp_folder_remove(&folder);
    temp_folder_remove(&outside);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        PACK_CASE(a_pack_says_what_it_is),
        PACK_CASE(the_rows_of_the_script_are_told),
        PACK_CASE(rows_in_groups_are_told_with_their_groups),
        PACK_CASE(what_is_wrong_is_told_with_line_and_key),
        PACK_CASE(groups_lists_fields_and_nothing_can_be_used),
        PACK_CASE(the_script_must_say_the_same),
        PACK_CASE(a_folder_without_a_pack_is_told),
        PACK_CASE(a_file_that_cannot_be_read_or_is_too_large_is_named),
        PACK_CASE(a_name_that_no_line_can_hold_is_refused),
        PACK_CASE(folders_too_deep_are_refused),
        PACK_CASE(the_mark_tells_every_change),
        PACK_CASE(the_examples_of_the_page_are_right),
        PACK_CASE(a_link_is_not_in_the_pack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
