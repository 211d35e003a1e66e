/* What a clerk meets: folders, tables that a spreadsheet or a receipt program has written, and the list
 * that is opened in a spreadsheet. */
#include <sys/stat.h>
#include <unistd.h>

#include "bulk_stage.h"

static char folder[160];

static void use_folder(const char *name) {
    text_copy(folder, sizeof folder, temp_path(&stage.out, name));
    stage.job.folder = folder;
}

static void leave_no(const char *name) {
    char path[256];
    text_format(path, sizeof path, "%s/%s", folder, name);
    (void)unlink(path);
}

static void a_folder_that_is_missing_is_made_for_its_owner_alone(void **state) {
    (void)state;
    static const char *const symbols[] = {"same"};
    struct stat st;
    bulk_people_are(symbols, 1);
    use_folder("2026-11");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_string_equal(stage.last.finished_on, "20261122");
    static const char *const names[] = {"results.jsonl", "differences.csv", "state", "lock"};
    for (size_t i = 0; i < 4; i++) {
        leave_no(names[i]);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void a_folder_that_cannot_be_made_is_named_by_its_input(void **state) {
    (void)state;
    static const char *const symbols[] = {"same"};
    bulk_people_are(symbols, 1);
    use_folder("a/b");
    assert_int_equal(bulk_stage_run(), SHK_E_BULK_FOLDER);
    assert_string_equal(stage.why.where, "bulk.folder");
    assert_int_equal(stage.why.native_kind, SHK_NATIVE_OS);
    temp_write(&stage.out, "file", "x");
    use_folder("file");
    assert_int_equal(bulk_stage_run(), SHK_E_BULK_FOLDER);
    assert_true(temp_holds(&stage.out, "file", "x"));
    assert_int_equal(stage.service.sends, 0);
}

#define NUMBERS "患者番号,保険者番号,記号,番号,生年月日\n"
#define NUMBER_COLUMNS(more)                                                                       \
    "return { " more "id = \"患者番号\", columns = { insurer_number = \"保険者番号\", "   \
    "symbol = \"記号\", number = \"番号\", birth_date = \"生年月日\" } }"

static void numbers_keep_their_zeros_in_a_spreadsheet(void **state) {
    (void)state;
    bulk_columns_are(NUMBER_COLUMNS(""));
    bulk_table_is(NUMBERS "000001,06990014,same,1,19800401\n"
                          "00-01,06990014,same,2,19800401\n"
                          "\"1\"\",1\",06990014,same,3,19800401\n"
                          ",06990014,same,4,19800401\n"
                          "=1,06990014,same,5,19800401\n"
                          "１２,06990014,same,6,19800401\n");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    const char *csv = bulk_stage_file("differences.csv");
    expect_in(csv, "\r\n\"1\",\"2\",\"=\"\"000001\"\"\",\"見本　太郎\",");
    expect_in(csv, "\r\n\"2\",\"3\",\"00-01\",");
    expect_in(csv, "\r\n\"3\",\"4\",\"1\"\",1\",");
    expect_in(csv, "\r\n\"4\",\"5\",\"\",");
    expect_in(csv, "\r\n\"5\",\"6\",\"'=1\",");
    expect_in(csv, "\r\n\"6\",\"7\",\"１２\",");
    expect_in(bulk_stage_line(1), "\"id\":\"000001\"");
    bulk_stage_empty();
    bulk_columns_are(NUMBER_COLUMNS("excel = false, "));
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_in(bulk_stage_file("differences.csv"), "\r\n\"1\",\"2\",\"000001\",");
}

static void the_answer_gives_the_name_that_the_table_lacks(void **state) {
    (void)state;
    bulk_columns_are(NUMBER_COLUMNS(""));
    bulk_table_is(NUMBERS "P1,06990014,moved,1,19800401\nP2,06990014,nobody,2,19800401\n"
                          "P3,06990014,echo,3,19800401\n");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    const char *csv = bulk_stage_file("differences.csv");
    expect_in(csv, "\"P1\",\"見本　次郎\",\"変更あり\"");
    expect_in(csv, "\"P2\",\"\",\"該当資格なし\"");
    expect_in(csv, "\"P3\",\"\",\"確認できず\""); /* of whom it speaks is not sure */
    bulk_stage_empty();
    bulk_columns_are(COLUMNS);
    bulk_table_is(HEADING "P1,見本　花子,1980-04-01,06990014,moved,1,\n"
                          "P2,,1980-04-01,06990014,same,2,\nP3,見本　花子,,06990014,same,3,\n");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    csv = bulk_stage_file("differences.csv");
    expect_in(csv, "\"P1\",\"見本　花子\",\"変更あり\"");
    expect_in(csv, "\"P2\",\"見本　太郎\",\"変更あり\"");
    expect_in(csv, "\"P3\",\"見本　花子\",\"確認できず\""); /* not asked */
}

static void empty_cells_count_only_when_they_shall(void **state) {
    (void)state;
    bulk_table_is(HEADING "P1,,1980-04-01,06990014,same,1,\nP2,見本　花子,1980-04-01,06990014,same,"
                          "2,\n");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_in(bulk_stage_line(1), "\"changed\":[\"name\"]");
    bulk_stage_empty();
    bulk_columns_are("return { ignore_empty = true, id = \"患者番号\", columns = { "
                     "branch_number = \"枝番\", name = \"氏名\", number = \"番号\", "
                     "insurer_number = \"保険者番号\", symbol = \"記号\", "
                     "birth_date = \"生年月日\" } }");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_in(bulk_stage_line(1), "\"difference\":\"unchanged\",\"changed\":[]");
    expect_in(bulk_stage_line(2), "\"changed\":[\"name\"]");
    expect_in(bulk_stage_file("differences.csv"), "\"氏名: 見本　花子 → 見本　太郎\"");
}

static void a_zero_that_a_spreadsheet_dropped_is_named(void **state) {
    (void)state;
    bulk_table_is(HEADING "P1,見本,19800401,6990014,same,1,\nP2,見本,19800401,99001,same,2,\n"
                          "P3,見本,19800401,990010,same,3,\nP4,見本,19800401,9900100014,same,4,\n");
    stage.job.check_digit = false;
    assert_int_equal(bulk_stage_run(), SHK_OK);
    assert_int_equal(stage.last.count[DIFFERENCE_FAULT], 3);
    expect_in(bulk_stage_line(1),
              "\"name\":\"INPUT\",\"where\":\"patients.csv:2 保険者番号: 7桁です。"
              "先頭の0が落ちていませんか\"");
    expect_in(bulk_stage_line(2), "patients.csv:3 保険者番号: 5桁です。先頭の0が落ちていませんか");
    expect_in(bulk_stage_line(4), "\"where\":\"patients.csv:5 保険者番号\"");
}

static void a_table_without_heading_is_spoken_of_by_numbers(void **state) {
    (void)state;
    bulk_columns_are("return { header = false, id = 1, columns = { name = 2, birth_date = 3, "
                     "insurer_number = 4, symbol = 5, number = 6 } }");
    bulk_table_is(
        "P1,見本　太郎,1980-02-30,06990014,same,1\nP2,見本　太郎,19800401,6990014,same,2\n"
        "P3,見本　太郎,19800401,06990015,same,3\n");
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_in(bulk_stage_line(1), "\"where\":\"patients.csv:1 3列目\"");
    expect_in(bulk_stage_line(2), "patients.csv:2 4列目: 7桁です");
    expect_in(bulk_stage_line(3), "\"where\":\"patients.csv:3 4列目\"");
}

#define ERA_COLUMNS(more)                                                                          \
    "return { " more "id = 1, header = false, columns = { birth_date = 2, insurer_number = 3, "    \
    "symbol = 4, number = 5, qualification_date = 6 } }"

static void seven_digits_are_a_date_of_an_era_when_the_file_says_so(void **state) {
    (void)state;
    bulk_table_is("P1,3550401,06990014,same,1,5020401\nP2,３５５０４０１,06990014,same,2,5020402\n"
                  "P3,昭和55年4月1日,06990014,same,3,R2.4.1\nP4,3640108,06990014,same,4,\n"
                  "P5,6550401,06990014,same,5,\n");
    bulk_columns_are(ERA_COLUMNS("dates = \"era7\", "));
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_in(bulk_stage_line(1), "\"difference\":\"unchanged\"");
    expect_in(bulk_stage_line(1), "\"birth_date\":\"1980-04-01\"");
    expect_in(bulk_stage_line(2), "\"changed\":[\"qualification_date\"]");
    expect_in(bulk_stage_line(3), "\"difference\":\"unchanged\"");
    expect_in(bulk_stage_line(4), "\"where\":\"patients.csv:4 2列目\""); /* 昭和 had ended */
    expect_in(bulk_stage_line(5), "\"where\":\"patients.csv:5 2列目\"");
    expect_in(bulk_stage_file("differences.csv"), "資格取得年月日: 20200402 → 2020-04-01");
    bulk_stage_empty();
    bulk_columns_are(ERA_COLUMNS(""));
    assert_int_equal(bulk_stage_run(), SHK_OK);
    expect_in(bulk_stage_line(1), "\"where\":\"patients.csv:1 2列目\"");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, bulk_stage_set_up, bulk_stage_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_folder_that_is_missing_is_made_for_its_owner_alone),
        CASE(a_folder_that_cannot_be_made_is_named_by_its_input),
        CASE(numbers_keep_their_zeros_in_a_spreadsheet),
        CASE(the_answer_gives_the_name_that_the_table_lacks),
        CASE(empty_cells_count_only_when_they_shall),
        CASE(a_zero_that_a_spreadsheet_dropped_is_named),
        CASE(a_table_without_heading_is_spoken_of_by_numbers),
        CASE(seven_digits_are_a_date_of_an_era_when_the_file_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
