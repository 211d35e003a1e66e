/* The parts of the sql adapter that need no database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "registry.h"
#include "sql_odbc.h"
#include "sql_prepare.h"
#include "sql_settings.h"
#include "sql_state.h"
#include "sql_utf16.h"

struct settings_case {
    shk_setting settings[3];
    const char *wrong; /* null: good */
};

static void settings_are_checked(void **state) {
    static char long_text[1100], long_name[SHK_SQL_NAME_MAX + 2];
    static const struct settings_case cases[] = {
        {{{"dsn", "host"}}, NULL},
        {{{"connection", "DRIVER=X"}}, NULL},
        {{{"wide", "yes"}}, "connection"},
        {{{"dsn", "a"}, {"connection", "b"}}, "dsn"},
        {{{"dsn", "a"}, {"dsn", "b"}}, "dsn"},
        {{{"dsn", ""}}, "dsn"},
        {{{"connection", long_text}}, "connection"},
        {{{"dsn", "a"}, {"folder", "b"}}, "folder"},
        {{{"dsn", "a"}, {"wide", "1"}}, "wide"},
        {{{"dsn", "a"}, {"make_id_table", "maybe"}}, "make_id_table"},
        {{{"dsn", "a"}, {"id_table", "t; DROP TABLE x"}}, "id_table"},
        {{{"dsn", "a"}, {"id_table", "a.b.c"}}, "id_table"},
        {{{"dsn", "a"}, {"id_table", ".a"}}, "id_table"},
        {{{"dsn", "a"}, {"id_table", "a."}}, "id_table"},
        {{{"dsn", "a"}, {"id_table", "1a"}}, "id_table"},
        {{{"dsn", "a"}, {"id_table", "dbo.ids_2"}}, NULL},
        {{{"dsn", "a"}, {"id_table", long_name}}, "id_table"},
        {{{"dsn", "a"}, {"timeout_ms", "0"}}, "timeout_ms"},
        {{{"dsn", "a"}, {"timeout_ms", "600001"}}, "timeout_ms"},
        {{{"dsn", "a"}, {"timeout_ms", "99999999999"}}, "timeout_ms"},
        {{{"dsn", "a"}, {"timeout_ms", "1s"}}, "timeout_ms"},
        {{{"dsn", "a"}, {"timeout_ms", "600000"}}, NULL},
        {{{"dsn", "a"}, {"find", "DROP TABLE x"}}, "find"},
        {{{"dsn", "a"}, {"find", "SELECT id FROM p WHERE a = :name"}}, NULL},
        {{{"dsn", NULL}}, "settings"},
    };
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    memset(long_name, 'x', sizeof long_name - 1);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct sql_settings set;
        uint32_t n = 0;
        while (n < 3 && cases[i].settings[n].key != NULL) {
            n++;
        }
        const char *wrong = sql_settings_read(&set, cases[i].settings, n);
        if ((wrong == NULL) != (cases[i].wrong == NULL) ||
            (wrong != NULL && strcmp(wrong, cases[i].wrong) != 0)) {
            fail_msg("case %u: %s", (unsigned)i, wrong != NULL ? wrong : "good");
        }
    }
}

static void what_is_usual_stands_where_nothing_is_said(void **state) {
    static const shk_setting dsn = {"dsn", "host"};
    struct sql_settings set;
    (void)state;
    assert_null(sql_settings_read(&set, &dsn, 1));
    assert_string_equal(set.id_table, "shikaku_deliveries");
    assert_int_equal(set.make_id_table, 1);
    assert_int_equal(set.timeout_ms, 10000);
    assert_string_equal(set.find, "");
}

static void assert_connection(const shk_setting *settings, uint32_t n, const char *expected) {
    struct sql_settings set;
    assert_null(sql_settings_read(&set, settings, n));
    char *text = sql_settings_connection(&set);
    assert_string_equal(text, expected);
    free(text);
}

static void a_connection_string_is_made_so_that_no_value_breaks_it(void **state) {
    static const shk_setting plain[] = {{"dsn", "host"}, {"user", "u"}, {"password", "p"}};
    static const shk_setting hard[] = {
        {"connection", "DRIVER=X;Server=y"}, {"user", "a b"}, {"password", "p;}DSN=z"}};
    static const shk_setting full = {"connection", "DRIVER=X;"};
    char all[256];
    (void)state;
    assert_connection(plain, 3, "DSN=host;UID=u;PWD=p;");
    assert_connection(hard, 3, "DRIVER=X;Server=y;UID={a b};PWD={p;}}DSN=z};");
    assert_connection(&full, 1, "DRIVER=X;");
    memset(all, '}', sizeof all - 1);
    all[sizeof all - 1] = '\0';
    const shk_setting braces[] = {{"dsn", all}, {"user", all}, {"password", all}};
    struct sql_settings set;
    assert_null(sql_settings_read(&set, braces, 3));
    char *text = sql_settings_connection(&set);
    assert_int_equal(strlen(text), 3 * (2 * 255 + 7));
    free(text);
}

static void assert_prepared(const char *text, const char *expected, const char *names) {
    struct sql_prepared p;
    char said[128] = "";
    size_t n = 0;
    assert_int_equal(sql_prepare(text, &p), 0);
    assert_string_equal(p.text, expected);
    for (uint32_t i = 0; i < p.names_n; i++) {
        memcpy(said + n, text + p.names[i].at, p.names[i].len);
        n += p.names[i].len;
        said[n++] = ' ';
    }
    assert_string_equal(said, names);
    sql_prepared_clear(&p);
}

static void names_become_marks_and_comments_go(void **state) {
    struct sql_prepared p;
    (void)state;
    assert_prepared("UPDATE t SET a=:a, b=':b', c=:a::date WHERE [x:y] = :c;",
                    "UPDATE t SET a=?, b=':b', c=?::date WHERE [x:y] = ?", "a a c ");
    assert_prepared("-- :x ?\nSELECT/* ? */1 ; ", "  SELECT 1  ", "");
    assert_prepared("{call p(:a,:b)}", "{call p(?,?)}", "a b ");
    assert_int_equal(sql_prepare("SELECT ?", &p), -1);
    assert_int_equal(sql_prepare("", &p), -1);
}

static void a_state_says_what_to_do(void **state) {
    static const struct {
        struct sql_state said;
        int connecting;
        int32_t code, number;
    } cases[] = {
        {{"28000", 0, 0, 0}, 1, SHK_E_HOST_LOGIN, 3732480},
        {{"08001", 0, 0, 0}, 1, SHK_E_HOST_UNREACHABLE, 373249},
        {{"08S01", 0, 0, 0}, 0, SHK_E_HOST_UNREACHABLE, 409537},
        {{"IM002", 0, 0, 0}, 1, SHK_E_DRIVER, 31259522},
        {{"01000", 0, 0, 0}, 1, SHK_E_DRIVER, 46656},
        {{"01000", 0, 0, 0}, 0, SHK_E_STATEMENT, 46656},
        {{"40001", 0, 0, 0}, 0, SHK_E_HOST_BUSY, 6718465},
        {{"40003", 0, 0, 0}, 0, SHK_E_HOST_UNREACHABLE, 6718467},
        {{"HYT00", 0, 0, 0}, 0, SHK_E_HOST_BUSY, 30177360},
        {{"22001", 0, 0, 0}, 0, SHK_E_HOST_REFUSED, 3452545},
        {{"23505", 0, 0, 0}, 0, SHK_E_HOST_REFUSED, 3505685},
        {{"42000", 0, 0, 0}, 0, SHK_E_STATEMENT, 6811776},
        {{"HY000", 5, 1, 0}, 0, SHK_E_HOST_BUSY, 30139776},
        {{"HY000", 5, 0, 0}, 0, SHK_E_STATEMENT, 30139776},
        {{"HY000", 19, 1, 0}, 0, SHK_E_HOST_REFUSED, 30139776},
        {{"HY000", 2067, 1, 0}, 0, SHK_E_HOST_REFUSED, 30139776},
        {{"HY000", 13, 1, 0}, 0, SHK_E_HOST_UNREACHABLE, 30139776},
        {{"HY000", 266, 1, 0}, 0, SHK_E_HOST_UNREACHABLE, 30139776},
        {{"HY000", 18, 1, 0}, 0, SHK_E_HOST_REFUSED, 30139776},
        {{"HY000", 20, 1, 0}, 0, SHK_E_HOST_REFUSED, 30139776},
        {{"HY000", 1, 1, 0}, 0, SHK_E_STATEMENT, 30139776},
        {{"", 0, 0, 0}, 0, SHK_E_STATEMENT, 0},
        {{"", 0, 0, 0}, 1, SHK_E_HOST_UNREACHABLE, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (sql_state_code(&cases[i].said, cases[i].connecting) != cases[i].code ||
            sql_state_number(&cases[i].said) != cases[i].number) {
            fail_msg("%s: %d %d", cases[i].said.state,
                     (int)sql_state_code(&cases[i].said, cases[i].connecting),
                     (int)sql_state_number(&cases[i].said));
        }
    }
}

static void a_login_that_fails_is_told_by_the_word_alone_where_need_be(void **state) {
    const struct sql_state said = {.state = "08001", .login = 1};
    (void)state;
    assert_int_equal(sql_state_code(&said, 1), SHK_E_HOST_LOGIN);
    assert_int_equal(sql_state_code(&said, 0), SHK_E_HOST_UNREACHABLE);
    assert_int_equal(sql_state_names_login("FATAL: password authentication failed"), 1);
    assert_int_equal(sql_state_names_login("パスワード認証に失敗しました"), 1);
    assert_int_equal(sql_state_names_login("connection refused"), 0);
    assert_int_equal(sql_state_names_login(""), 0);
}

static void counts_that_do_not_fit_are_not_known(void **state) {
    (void)state;
    assert_int_equal(odbc_rows_sum(2, 3), 5);
    assert_int_equal(odbc_rows_sum(INT64_MAX - 1, 1), INT64_MAX);
    assert_int_equal(odbc_rows_sum(INT64_MAX, 1), -1);
    assert_int_equal(odbc_rows_sum(-1, 3), -1);
    assert_int_equal(odbc_rows_sum(3, -1), -1);
}

static void utf16_goes_both_ways(void **state) {
    static const uint16_t units[] = {'a', 0x00E9, 0x9AD9, 0xD842, 0xDFB7};
    static const char text[] = "aé髙𠮷";
    static const char *const broken[] = {"\xFF",         "\xC0\x80",         "\xE9\xAB",
                                         "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"};
    char back[16];
    size_t n = 0;
    (void)state;
    uint16_t *made = sql_utf16_from(text, &n);
    assert_int_equal(n, 5);
    assert_memory_equal(made, units, sizeof units);
    assert_int_equal(made[5], 0);
    free(made);
    assert_int_equal(sql_utf16_to(units, 5, back, sizeof back), 1);
    assert_string_equal(back, text);
    assert_int_equal(sql_utf16_to(units, 5, back, strlen(text)), 0);
    assert_int_equal(sql_utf16_to(units, 5, back, strlen(text) + 1), 1);
    assert_int_equal(sql_utf16_to(units, 4, back, sizeof back), 0);
    assert_int_equal(sql_utf16_to(units + 4, 1, back, sizeof back), 0);
    assert_int_equal(sql_utf16_to(units, 0, back, 1), 1);
    assert_int_equal(sql_utf16_to(units, 0, back, 0), 0);
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        assert_null(sql_utf16_from(broken[i], &n));
    }
}

static int32_t SHK_CALL fail_with(void *self, int32_t code, int32_t native, const char *where) {
    (void)native;
    *(const char **)self = where;
    return code;
}

static void services_that_are_too_short_are_refused(void **state) {
    const char *where = "";
    shk_services sv = {
        .struct_size = sizeof sv, .abi = SHK_ADAPTER_ABI, .self = &where, .fail = fail_with};
    const shk_setting dsn = {"dsn", "x"}, foreign = {"folder", "x"};
    shk_host *h = NULL;
    (void)state;
    assert_int_equal(adapter_sql.open(&sv, &dsn, 1, &h), SHK_OK);
    adapter_sql.close(&h);
    assert_null(h);
    adapter_sql.close(&h);
    adapter_sql.close(NULL);
    assert_int_equal(adapter_sql.open(&sv, &foreign, 1, &h), SHK_E_ADAPTER_SETTINGS);
    assert_string_equal(where, "folder");
    sv.struct_size = offsetof(shk_services, stopping);
    assert_int_equal(adapter_sql.open(&sv, &dsn, 1, &h), SHK_E_ADAPTER_BROKEN);
    sv.struct_size = sizeof sv;
    sv.abi++;
    assert_int_equal(adapter_sql.open(&sv, &dsn, 1, &h), SHK_E_ADAPTER_BROKEN);
    assert_null(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_checked),
        cmocka_unit_test(what_is_usual_stands_where_nothing_is_said),
        cmocka_unit_test(a_connection_string_is_made_so_that_no_value_breaks_it),
        cmocka_unit_test(names_become_marks_and_comments_go),
        cmocka_unit_test(a_state_says_what_to_do),
        cmocka_unit_test(a_login_that_fails_is_told_by_the_word_alone_where_need_be),
        cmocka_unit_test(counts_that_do_not_fit_are_not_known),
        cmocka_unit_test(utf16_goes_both_ways),
        cmocka_unit_test(services_that_are_too_short_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
