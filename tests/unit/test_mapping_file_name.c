/* File names that a script may give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "mapping_stage.h"

static int32_t run_file(const char *file) {
    char script[1024];
    snprintf(script, sizeof script,
             "return { contract = 1, id = 't', uses = { 'confirmation_date' }, " CSV
             ",\nfile = function(rec) return %s end,\n"
             "fields = { { to = 'A', value = 1 } } }",
             file);
    return run_text(script, false);
}

static void file_names_are_usable_everywhere(void **state) {
    (void)state;
    assert_int_equal(run_file("'受付_' .. text.date(rec.confirmation_date, 'YYYYMMDD') .. '.csv'"),
                     SHK_OK);
    assert_string_equal(result->file_name, "受付_20250602.csv");
    static const char *const good[] = {"'a'", "'COM10.csv'", "'CONSOLE'", "'a.b.csv'", "'-a b'"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(run_file(good[i]), SHK_OK);
    }
}

static void file_names_that_some_system_refuses_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "''",
        "nil",
        "5",
        "'.'",
        "'..'",
        "'a/b'",
        "'a\\\\b'",
        "'a:b'",
        "'a*'",
        "'a?'",
        "'\"'",
        "'<'",
        "'>'",
        "'|'",
        "'a\\n'",
        "'a\\0b'",
        "'\\127'",
        "'.a'",
        "'a.'",
        "' a'",
        "'a '",
        "'a..b'",
        "'CON'",
        "'con.csv'",
        "'Nul .txt'",
        "'COM1'",
        "'lpt9.x'",
        "'COM\xC2\xB9'",
        "'CONIN$'",
        ("'\xE2\x80\xAE"
         "a'"),
        "'\xC2\x85'",
        "('\\xFF')",
        "rec",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fault(run_file(bad[i]), SHK_E_FILE_NAME, "t.lua:2 file");
    }
    assert_int_equal(run_file("text.pad('a', 200, 'b')"), SHK_OK);
    assert_int_equal(run_file("text.pad('a', 201, 'b')"), SHK_E_FILE_NAME);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(file_names_are_usable_everywhere),
        MAPPING_TEST(file_names_that_some_system_refuses_are_refused),
    };
    return cmocka_run_group_tests_name("mapping_file_name", tests, NULL, NULL);
}
