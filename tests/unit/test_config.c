/* The configuration file: every mistake is named with its key and its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config.h"
#include "config_keys.h"
#include "files_fake.h"

#define PATH "/clinic/受付/shikaku.lua"

struct fixture {
    struct files_fake files;
    struct env env;
    struct config *config;
    struct fault why;
};

static int setup(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return -1;
    }
    files_fake_init(&f->files, "/clinic/受付");
    f->env = (struct env){.files = &files_fake_ops, .files_self = &f->files};
    f->config = config_new();
    *state = f;
    return f->config != NULL ? 0 : -1;
}

static int teardown(void **state) {
    struct fixture *f = *state;
    config_free(&f->config);
    files_fake_clear(&f->files);
    free(f);
    return 0;
}

static int32_t read_text(struct fixture *f, const char *text) {
    files_fake_set(&f->files, PATH, text);
    fault_clear(&f->why);
    return config_read(f->config, PATH, &f->env, &f->why);
}

static void what_is_not_set_has_its_default(void **state) {
    struct fixture *f = *state;
    assert_string_equal(config_text(f->config, "card"), "reader");
    assert_int_equal(config_int(f->config, "pin_timeout_ms"), 120000);
    assert_string_equal(config_text(f->config, "route"), "");
    assert_int_equal(config_deliveries(f->config), 0);
}

static void a_whole_file_is_read(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "return {\n  route = \"gateway\",\n  gateway = { url = "
                                  "\"https://localhost\", timeout_ms = 9000 },\n"
                                  "  deliveries = {\n    { script = \"a.lua\" },\n"
                                  "    { script = \"/b.lua\", when = \"always\" },\n  },\n}\n"),
                     SHK_OK);
    assert_string_equal(config_text(f->config, "gateway.url"), "https://localhost");
    assert_int_equal(config_int(f->config, "gateway.timeout_ms"), 9000);
    assert_int_equal(config_deliveries(f->config), 2);
    assert_string_equal(config_delivery(f->config, 1, "adapter"), "folder");
    assert_string_equal(config_delivery(f->config, 2, "when"), "always");
}

static void paths_count_from_the_files_folder(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "return { deliveries = { { script = \"a.lua\", folder = "
                                  "\"D:\\\\データ\" }, { script = \"/b.lua\", folder = "
                                  "\"\\\\\\\\server\\\\x\" } } }"),
                     SHK_OK);
    assert_string_equal(config_delivery(f->config, 1, "script"), "/clinic/受付/a.lua");
    assert_string_equal(config_delivery(f->config, 1, "folder"), "D:\\データ");
    assert_string_equal(config_delivery(f->config, 2, "script"), "/b.lua");
    assert_string_equal(config_delivery(f->config, 2, "folder"), "\\\\server\\x");
}

static void a_certificate_of_the_systems_store_is_in_no_folder(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "return { gateway = { client_cert = \"store:my/見本\" } }"),
                     SHK_OK);
    assert_string_equal(config_text(f->config, "gateway.client_cert"), "store:my/見本");
}

static void every_mistake_is_named_with_key_and_line(void **state) {
    static const struct {
        const char *text;
        int32_t code;
        const char *where;
    } cases[] = {
        {"return {\n  rout = \"demo\",\n}", SHK_E_CONFIG_KEY, "shikaku.lua:2 rout"},
        {"return {\n  route = 5,\n}", SHK_E_CONFIG_VALUE, "shikaku.lua:2 route"},
        {"return {\n\n  route = \"gatway\",\n}", SHK_E_CONFIG_VALUE, "shikaku.lua:3 route"},
        {"return {\n  pin_timeout_ms = \"1000\",\n}", SHK_E_CONFIG_VALUE,
         "shikaku.lua:2 pin_timeout_ms"},
        {"return {\n  pin_timeout_ms = 999,\n}", SHK_E_CONFIG_VALUE,
         "shikaku.lua:2 pin_timeout_ms"},
        {"return {\n  pin_timeout_ms = 1.5,\n}", SHK_E_CONFIG_VALUE,
         "shikaku.lua:2 pin_timeout_ms"},
        {"return {\n  gateway = {\n    url = \"https://x\",\n    ulr = \"y\",\n  },\n}",
         SHK_E_CONFIG_KEY, "shikaku.lua:4 gateway.ulr"},
        {"return {\n  gateway = \"https://x\",\n}", SHK_E_CONFIG_KEY, "shikaku.lua:2 gateway"},
        {"return {\n  route = { \"demo\" },\n}", SHK_E_CONFIG_KEY, "shikaku.lua:2 route"},
        {"return {\n  deliveries = {\n    { script = \"a.lua\" },\n    { scrip = \"b\" },\n  },\n}",
         SHK_E_CONFIG_KEY, "shikaku.lua:4 deliveries[2].scrip"},
        {"return {\n  deliveries = { script = \"a.lua\" },\n}", SHK_E_CONFIG_KEY,
         "shikaku.lua:2 deliveries.script"},
        {"return {\n  institution_code = \"123\",\n}", SHK_E_CONFIG_VALUE,
         "shikaku.lua:2 institution_code"},
        {"return {\n  card = function() end,\n}", SHK_E_CONFIG_VALUE, "shikaku.lua:2 card"},
        {"return {\n  nothing = true,\n}", SHK_E_CONFIG_KEY, "shikaku.lua:2 nothing"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(read_text(f, cases[i].text), cases[i].code);
        assert_string_equal(f->why.where, cases[i].where);
        assert_int_equal(f->why.native_kind, SHK_NATIVE_LUA_LINE);
    }
}

static void a_file_that_is_no_table_is_a_syntax_fault_with_its_line(void **state) {
    struct fixture *f = *state;
    assert_int_equal(read_text(f, "return {\n  route = \n}"), SHK_E_CONFIG_SYNTAX);
    assert_true(text_starts(f->why.where, "shikaku.lua:"));
    assert_int_equal(read_text(f, "return 5"), SHK_E_CONFIG_SYNTAX);
    assert_int_equal(read_text(f, ""), SHK_E_CONFIG_SYNTAX);
}

static void a_missing_file_and_an_endless_one_are_faults(void **state) {
    struct fixture *f = *state;
    assert_int_equal(config_read(f->config, "/clinic/受付/other.lua", &f->env, &f->why),
                     SHK_E_CONFIG_FILE);
    assert_string_equal(f->why.where, "other.lua");
    assert_int_equal(read_text(f, "while true do end"), SHK_E_CONFIG_SYNTAX);
}

static void the_host_sets_single_keys(void **state) {
    struct fixture *f = *state;
    fault_clear(&f->why);
    assert_int_equal(config_set(f->config, "deliveries[1].folder", "/out", &f->why), SHK_OK);
    assert_int_equal(config_deliveries(f->config), 1);
    assert_int_equal(config_set(f->config, "deliveries[0].folder", "/o", NULL), SHK_E_CONFIG_KEY);
    assert_int_equal(config_set(f->config, "deliveries[17].folder", "/o", NULL),
                     SHK_E_CONFIG_VALUE);
    assert_int_equal(config_set(f->config, "deliveries.folder", "/o", NULL), SHK_E_CONFIG_KEY);
    assert_int_equal(config_set(f->config, "pin_timeout_ms", "12x", NULL), SHK_E_CONFIG_VALUE);
    assert_int_equal(config_set(f->config, "pin_timeout_ms", "", NULL), SHK_E_CONFIG_VALUE);
    assert_int_equal(config_set(f->config, "pin_timeout_ms", "600000", NULL), SHK_OK);
    assert_int_equal(config_int(f->config, "pin_timeout_ms"), 600000);
}

static void every_default_is_a_value_that_could_be_set(void **state) {
    (void)state;
    assert_true(config_key_count() > 40);
    for (size_t i = 0; i < config_key_count(); i++) {
        const struct config_key *row = config_key_at(i);
        /* What an adapter takes unless it is told is the adapter's to know. */
        bool open = row->kind == CONFIG_CHOICE || strstr(row->path, "[]") != NULL;
        bool unset = row->fallback[0] == '\0' && open;
        assert_true(unset || config_key_accepts(row, row->fallback));
    }
}

static void every_route_takes_its_own_words_only(void **state) {
    static const char *const good[][2] = {{"route", "folder"},
                                          {"route", "app"},
                                          {"folder.encoding", "shift_jis"},
                                          {"folder.identifier", "long"},
                                          {"folder.results", "delete"},
                                          {"folder.face_start", "all"},
                                          {"folder.face_after", "delete"},
                                          {"app.source", "file"},
                                          {"app.clear_clipboard", "yes"},
                                          {"gateway.proxy_environment", "yes"},
                                          {"gateway.clock_tolerance_s", "0"},
                                          {"oqs.character_code", "ignore"},
                                          {"query.check_digit", "ignore"},
                                          {"bulk.batch", "1"},
                                          {"deliveries[1].when", "found"}};
    static const char *const bad[][2] = {{"folder.encoding", "cp932"},
                                         {"app.clear_clipboard", "true"},
                                         {"gateway.clock_tolerance_s", "-1"},
                                         {"bulk.batch", "0"},
                                         {"deliveries[1].when", "unstated"}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(config_set(f->config, good[i][0], good[i][1], NULL), SHK_OK);
        assert_string_equal(config_text(f->config, good[i][0]), good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(config_set(f->config, bad[i][0], bad[i][1], NULL), SHK_E_CONFIG_VALUE);
    }
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_is_not_set_has_its_default),
        CASE(a_whole_file_is_read),
        CASE(paths_count_from_the_files_folder),
        CASE(a_certificate_of_the_systems_store_is_in_no_folder),
        CASE(every_mistake_is_named_with_key_and_line),
        CASE(a_file_that_is_no_table_is_a_syntax_fault_with_its_line),
        CASE(a_missing_file_and_an_endless_one_are_faults),
        CASE(the_host_sets_single_keys),
        CASE(every_default_is_a_value_that_could_be_set),
        CASE(every_route_takes_its_own_words_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
