/* Documents as a terminal pushes them, by the adapter "oqs-face". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "folder_adapter_stage.h"
#include "folder_name.h"

#define ID     "5b1c0000-0000-4000-8000-000000000001"
#define PREFIX "OQSsiquc01res_face_"
#define FACE                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\r\n<XmlMsg>\r\n<MessageHeader>"  \
    "<MedicalInstitutionCode>9919999999</MedicalInstitutionCode></MessageHeader></XmlMsg>\r\n"

static int set_up(void **state) {
    int rc = desk_set_up(state);
    desk.adapter = &adapter_oqs_face;
    return rc;
}

static void next(const char *encoding, const char *body) {
    desk_document(ID, "見本太郎.xml", body);
    desk.d.format = "face";
    desk.d.encoding = encoding;
}

static const char *name_of_it(void) {
    for (size_t i = 0; i < desk.disk.files_n; i++) {
        const char *name = text_file_name(desk.disk.file[i].path);
        if (text_starts(name, PREFIX)) {
            return name;
        }
    }
    return "";
}

static void a_face_is_called_as_the_terminal_calls_it(void **state) {
    (void)state;
    assert_int_equal(desk_open(NULL), SHK_OK);
    next("utf-8", FACE);
    assert_int_equal(desk_deliver(1), SHK_OK);
    const char *name = name_of_it();
    assert_true(folder_is_face(name));
    assert_true(text_starts(name, PREFIX "9919999999"));
    if (strlen(name) != sizeof PREFIX - 1 + 30 + 1 + 14 + 4) {
        fail();
    }
    assert_string_equal(name + sizeof PREFIX - 1 + 30, "_20260401090000.xml");
    assert_int_equal(strspn(name + sizeof PREFIX - 1, "0123456789abcdef"), 30);
    desk_expect(name, FACE);
}

static void a_taken_name_moves_to_the_next_second(void **state) {
    (void)state;
    char path[400];
    assert_int_equal(desk_open(NULL), SHK_OK);
    next("utf-8", FACE);
    assert_int_equal(desk_deliver(1), SHK_OK);
    text_copy(path, sizeof path, desk_path(name_of_it()));
    files_fake_set(&desk.disk, path, "another's");
    assert_int_equal(desk_open(NULL), SHK_OK);
    next("utf-8", FACE);
    assert_int_equal(desk_deliver(1), SHK_OK);
    assert_int_equal(desk_count(PREFIX), 2);
    assert_true(folder_is_face(text_file_name(desk.receipt.place)));
    assert_non_null(strstr(desk.receipt.place, "_20260401090001.xml"));
    assert_string_equal(files_fake_get(&desk.disk, path), "another's");
}

static void a_zero_stands_where_no_institution_is_named(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?><XmlMsg></XmlMsg>",
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?><XmlMsg>"
        "<MedicalInstitutionCode>99</MedicalInstitutionCode></XmlMsg>",
        "<?xml version=\"1.0\" encoding=\"Shift_JIS\" standalone=\"no\"?><XmlMsg>"
        "<MedicalInstitutionCode>99"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(desk_open(NULL), SHK_OK);
        next("cp932", bodies[i]);
        assert_int_equal(desk_deliver(1), SHK_OK);
        assert_non_null(strstr(desk.receipt.place, PREFIX "0000000000"));
        files_fake_drop(&desk.disk, desk.receipt.place);
    }
}

static void an_answer_that_got_lost_is_found_again_under_its_name(void **state) {
    (void)state;
    assert_int_equal(desk_open(NULL), SHK_OK);
    next("utf-8", FACE);
    files_fake_fail(&desk.disk, FILES_FAKE_RENAME, SHK_E_FOLDER_WRITE, 1);
    assert_int_equal(desk_deliver(1), SHK_E_FOLDER_WRITE);
    files_fake_fail(&desk.disk, FILES_FAKE_NEVER, 0, 0);
    desk.lent.now_ms += 600000;
    assert_int_equal(desk_open(NULL), SHK_OK);
    assert_int_equal(desk_deliver(2), SHK_OK);
    assert_non_null(strstr(desk.receipt.place, "_20260401090000.xml"));
    assert_int_equal(desk_count(PREFIX), 1);
}

static void only_faces_are_taken(void **state) {
    (void)state;
    static const struct {
        const char *format, *encoding, *body;
    } bad[] = {{"xml", "utf-8", FACE},
               {"face", "cp932", FACE},
               {"face", "utf-8-bom", FACE},
               {"face", "utf-8", "<XmlMsg>"},
               {"face", "utf-8", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Other/>"},
               {"face", "utf-8", ""}};
    assert_int_equal(desk_open(NULL), SHK_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        next(bad[i].encoding, bad[i].body);
        desk.d.format = bad[i].format;
        assert_int_equal(desk_deliver(1), SHK_E_ADAPTER_SETTINGS);
        assert_string_equal(desk.lent.why.where, "adapter");
    }
    assert_int_equal(desk.disk.files_n, 0);
}

static void its_names_are_not_to_be_set(void **state) {
    (void)state;
    static const shk_setting bad[] = {
        {"file", "a.xml"}, {"mode", "file"}, {"name_by", "id"}, {"colour", "red"}};
    for (size_t i = 0; i < 4; i++) {
        const shk_setting more[] = {bad[i], {NULL, NULL}};
        assert_int_equal(desk_open(more), SHK_E_ADAPTER_SETTINGS);
        assert_string_equal(desk.lent.why.where, bad[i].key);
    }
    assert_ptr_equal(adapter_find("oqs-face"), &adapter_oqs_face);
    assert_int_equal(adapter_usable(&adapter_oqs_face), 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, desk_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_face_is_called_as_the_terminal_calls_it),
        CASE(a_taken_name_moves_to_the_next_second),
        CASE(a_zero_stands_where_no_institution_is_named),
        CASE(an_answer_that_got_lost_is_found_again_under_its_name),
        CASE(only_faces_are_taken),
        CASE(its_names_are_not_to_be_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
