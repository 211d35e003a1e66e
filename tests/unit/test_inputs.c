/* The table of inputs and what is kept of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fault.h"
#include "inputs.h"

static int32_t put(struct inputs *in, const char *path, const char *text) {
    return inputs_put(in, path, (const uint8_t *)text, strlen(text));
}

static void a_text_is_given_back_and_taken_back(void **state) {
    struct inputs in = {0};
    (void)state;
    assert_string_equal(inputs_text(&in, "query.number"), "");
    assert_int_equal(put(&in, "query.number", "12"), SHK_OK);
    assert_int_equal(put(&in, "query.number", "345"), SHK_OK);
    assert_string_equal(inputs_text(&in, "query.number"), "345");
    assert_int_equal(put(&in, "query.number", ""), SHK_OK);
    assert_string_equal(inputs_text(&in, "query.number"), "");
    inputs_wipe(&in);
}

static void every_row_takes_its_limit_and_no_byte_more(void **state) {
    struct inputs in = {0};
    (void)state;
    assert_true(input_count() > 10);
    for (size_t i = 0; i < input_count(); i++) {
        const struct input_row *row = input_at(i);
        uint8_t *p = malloc(row->most + 1);
        assert_non_null(p);
        memset(p, 'x', row->most + 1);
        bool secret = input_is_secret(row->path);
        assert_int_equal(inputs_put(&in, row->path, p, row->most), secret ? SHK_E_PATH : SHK_OK);
        assert_int_equal(inputs_put(&in, row->path, p, row->most + 1),
                         secret ? SHK_E_PATH : SHK_E_INPUT);
        assert_int_equal(inputs_bytes(&in, row->path)->n, secret ? 0 : row->most);
        free(p);
    }
    assert_null(input_at(input_count()));
    inputs_wipe(&in);
    assert_int_equal(inputs_bytes(&in, "import.data")->n, 0);
}

static void bytes_of_any_kind_stay_as_they_are(void **state) {
    static const uint8_t raw[] = {0, 'a', 0, ' ', 0};
    struct inputs in = {0};
    (void)state;
    assert_true(input_is_raw("import.data"));
    assert_false(input_is_raw("import.file"));
    assert_int_equal(inputs_put(&in, "import.data", raw, sizeof raw), SHK_OK);
    assert_int_equal(inputs_bytes(&in, "import.data")->n, sizeof raw);
    assert_memory_equal(inputs_bytes(&in, "import.data")->p, raw, sizeof raw);
    inputs_wipe(&in);
}

static void an_unknown_path_is_refused(void **state) {
    struct inputs in = {0};
    (void)state;
    assert_int_equal(put(&in, "query.nmuber", "1"), SHK_E_PATH);
    assert_int_equal(put(&in, "", "1"), SHK_E_PATH);
    assert_null(input_find("query", NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_given_back_and_taken_back),
        cmocka_unit_test(every_row_takes_its_limit_and_no_byte_more),
        cmocka_unit_test(bytes_of_any_kind_stay_as_they_are),
        cmocka_unit_test(an_unknown_path_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
