/* Which destination a delivery has, and which change makes it another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "destination.h"
#include "kept_stage.h"

static void digest(struct stage *f, size_t n, char out[TAG_LEN]) {
    struct fault why = {0};
    assert_int_equal(target_digest(f->session, n, out, &why), SHK_OK);
    assert_int_equal(strlen(out), TAG_LEN - 1);
}

/* Whether that value gives another destination than the one before. */
static bool changes(struct stage *f, const char *key, const char *value) {
    char before[TAG_LEN], after[TAG_LEN];
    digest(f, 1, before);
    kept_set(f, key, value);
    digest(f, 1, after);
    assert_int_equal(target_find(f->session, after), 1);
    return strcmp(before, after) != 0;
}

static void a_place_makes_a_destination(void **state) {
    static const char *const places[][2] = {
        {"deliveries[1].folder", "/one"},   {"deliveries[1].folder", "/two"},
        {"deliveries[1].file", "x.csv"},    {"deliveries[1].url", "https://localhost/a"},
        {"deliveries[1].dsn", "clinic"},    {"deliveries[1].connection", "DRIVER=a;DATABASE=b"},
        {"deliveries[1].id_table", "t"},    {"deliveries[1].options", "place=1"},
        {"deliveries[1].adapter", "finder"}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        assert_true(changes(*state, places[i][0], places[i][1]));
    }
}

static void what_only_lets_somebody_in_does_not(void **state) {
    static const char *const others[][2] = {
        {"deliveries[1].user", "desk"},      {"deliveries[1].password", "one"},
        {"deliveries[1].timeout_ms", "900"}, {"deliveries[1].when", "always"},
        {"deliveries[1].repeat", "always"},  {"deliveries[1].client_secret", "x"}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(changes(*state, others[i][0], others[i][1]));
    }
}

static void a_password_within_a_connection_does_not(void **state) {
    struct stage *f = *state;
    kept_set(f, "deliveries[1].connection", "DSN=a;PWD=one;UID=b");
    assert_false(changes(f, "deliveries[1].connection", "DSN=a;PWD=two;UID=b"));
    assert_false(changes(f, "deliveries[1].connection", "DSN=a;pwd={t;w}}o};UID=b"));
    assert_false(changes(f, "deliveries[1].connection", "DSN=a;Password=a b c;UID=b"));
    assert_false(changes(f, "deliveries[1].connection", "DSN=a;PWD=;UID=b"));
    assert_true(changes(f, "deliveries[1].connection", "DSN=a;PWD={one};UID=c"));
    assert_true(changes(f, "deliveries[1].connection", "DSN=a;PWD={open;UID=c"));
    kept_set(f, "deliveries[1].options", "place=1;password=one");
    assert_false(changes(f, "deliveries[1].options", "place=1;password=two"));
    assert_true(changes(f, "deliveries[1].options", "place=2;password=two"));
}

static void deliveries_to_one_place_are_told_apart(void **state) {
    struct stage *f = *state;
    char one[TAG_LEN], two[TAG_LEN], three[TAG_LEN];
    kept_set(f, "deliveries[2].adapter", "host");
    kept_set(f, "deliveries[2].script", "/b.lua");
    kept_set(f, "deliveries[3].adapter", "host");
    kept_set(f, "deliveries[3].folder", "/else");
    kept_set(f, "deliveries[3].script", "/b.lua");
    digest(f, 1, one);
    digest(f, 2, two);
    digest(f, 3, three);
    assert_string_not_equal(one, two);
    assert_string_not_equal(one, three);
    assert_string_not_equal(two, three);
    assert_int_equal(target_find(f->session, one), 1);
    assert_int_equal(target_find(f->session, two), 2);
    assert_int_equal(target_find(f->session, three), 3);
    assert_int_equal(target_find(f->session, "00000000000000000000000000000000"), 0);
}

static const char *setting(const struct target_settings *settings, const char *key) {
    for (uint32_t i = 0; i < settings->n; i++) {
        if (strcmp(settings->at[i].key, key) == 0) {
            return settings->at[i].value;
        }
    }
    return NULL;
}

static void an_adapter_gets_its_own_settings_alone(void **state) {
    struct stage *f = *state;
    struct target_settings settings;
    struct fault why = {0};
    kept_set(f, "deliveries[1].folder", "/one");
    kept_set(f, "deliveries[1].password", "x");
    kept_set(f, "deliveries[1].options", "a=1;b=2=3;c=");
    assert_int_equal(target_settings(f->session, 1, &settings, &why), SHK_OK);
    assert_string_equal(setting(&settings, "folder"), "/one");
    assert_string_equal(setting(&settings, "password"), "x");
    assert_string_equal(setting(&settings, "a"), "1");
    assert_string_equal(setting(&settings, "b"), "2=3");
    assert_string_equal(setting(&settings, "c"), "");
    assert_null(setting(&settings, "script"));
    assert_null(setting(&settings, "adapter"));
    assert_null(setting(&settings, "options"));
    target_settings_clear(&settings);
    assert_int_equal(settings.n, 0);
}

static void options_that_are_no_pairs_are_refused(void **state) {
    static const char *const wrong[] = {"a", "=1", "a=1;b", "a=1;;b=2", ";a=1"};
    struct stage *f = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct target_settings settings;
        struct fault why = {0};
        kept_set(f, "deliveries[1].options", wrong[i]);
        assert_int_equal(target_settings(f->session, 1, &settings, &why), SHK_E_CONFIG_VALUE);
        assert_non_null(strstr(why.where, "deliveries[1].options"));
        target_settings_clear(&settings);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        KEPT_CASE(a_place_makes_a_destination),
        KEPT_CASE(what_only_lets_somebody_in_does_not),
        KEPT_CASE(a_password_within_a_connection_does_not),
        KEPT_CASE(deliveries_to_one_place_are_told_apart),
        KEPT_CASE(an_adapter_gets_its_own_settings_alone),
        KEPT_CASE(options_that_are_no_pairs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
