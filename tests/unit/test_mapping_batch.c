/* One state for many records gives what a fresh one gives for each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"

#define PEOPLE 5

static struct record_set *people[PEOPLE];

static int load_people(void **state) {
    (void)state;
    for (int i = 0; i < PEOPLE; i++) {
        char item[512];
        snprintf(
            item, sizeof item,
            "<InsurerNumber>990010</InsurerNumber><InsuredIdentificationNumber>%d"
            "</InsuredIdentificationNumber><Name>見本　%c</Name><Birthdate>1989010%d</Birthdate>",
            i + 1, 'A' + i, i + 1);
        load_record(item);
        people[i] = records;
        records = NULL;
    }
    return 0;
}

static int free_people(void **state) {
    for (int i = 0; i < PEOPLE; i++) {
        record_free(&people[i]);
    }
    return tear_down(state);
}

static struct mapping_job job_of(const char *script) {
    return (struct mapping_job){.script = {"t.lua", (const uint8_t *)script, strlen(script)}};
}

static void assert_same(const struct mapping_result *one, const struct mapping_result *other) {
    assert_true((one == NULL) == (other == NULL));
    if (one != NULL && other != NULL) {
        assert_int_equal(one->body.n, other->body.n);
        assert_memory_equal(bytes_text(&one->body), bytes_text(&other->body), one->body.n);
        assert_string_equal(bytes_text(&one->head), bytes_text(&other->head));
        assert_string_equal(one->file_name, other->file_name);
        assert_int_equal(one->fields_n, other->fields_n);
        assert_int_equal(one->losses, other->losses);
    }
}

/* Every person twice, with one mapping and with one of their own. */
static void assert_batch_is_as_single(const char *script) {
    const struct mapping_job job = job_of(script);
    struct mapping *mapping = NULL;
    assert_int_equal(mapping_open(&job, &mapping, &why), SHK_OK);
    for (int i = 0; i < 2 * PEOPLE; i++) {
        struct mapping_result *batch = NULL, *single = NULL;
        struct fault batch_why = {0}, single_why = {0};
        int32_t rc = mapping_map(mapping, people[i % PEOPLE], 1, &batch, &batch_why);
        assert_int_equal(mapping_run(&job, people[i % PEOPLE], 1, &single, &single_why), rc);
        assert_same(batch, single);
        assert_string_equal(batch_why.where, single_why.where);
        mapping_result_free(&batch);
        mapping_result_free(&single);
    }
    mapping_close(&mapping);
}

#define HEAD                                                                                       \
    "return { contract = 1, id = 't', format = 'csv', encoding = 'cp932', header = true,\n"        \
    "uses = { 'name', 'number', 'birth_date' }, file = 'a.csv', fields = {\n"

static void plain_rows(void **state) {
    (void)state;
    assert_batch_is_as_single(HEAD
                              "{ to = '氏名', from = 'name' }, { to = 'N', from = 'number' },\n"
                              "{ to = 'B', from = 'birth_date', as = 'wareki' } } }");
}

/* What a script keeps from one person must not reach the next. */
static void nothing_is_carried_over(void **state) {
    (void)state;
    static const char *const scripts[] = {
        "local n = 0\n" HEAD "{ to = 'A', with = function() n = n + 1 return n end } } }",
        "local last\n" HEAD "{ to = 'A', with = function(_, rec) local l = last last = rec.name\n"
        "return l end } } }",
        "local seen = {}\n" HEAD "{ to = 'A', with = function(_, rec) seen[#seen + 1] = rec.name\n"
        "return table.concat(seen, ' ') end } } }",
        "local box = { { n = 0 } }\n" HEAD
        "{ to = 'A', with = function() box[1].n = box[1].n + 1 return box[1].n end } } }",
        "local kept\n" HEAD "{ to = 'A', with = function(_, rec) local k = kept kept = rec\n"
        "return k and k.name end } } }",
        "local function deep() local n = 0 return function() n = n + 1 return n end end\n"
        "local count = deep()\n" HEAD "{ to = 'A', with = function() return count() end } } }",
        "local t = { 3, 1, 2 }\n" HEAD "{ to = 'A', with = function(_, rec)\n"
        "if rec.number == '1' then table.sort(t) end return t[1] end } } }",
        "local t = {}\n" HEAD "{ to = 'A', with = function(_, rec) local k = next(t)\n"
        "local l = k and k.v t[{ v = rec.name }] = true return l end } } }",
        "local k = {}\nlocal t = { [k] = true }\n" HEAD
        "{ to = 'A', with = function(_, rec) local l = next(t).v next(t).v = rec.name return l end "
        "} } }",
        "local k = {}\nlocal t = { [k] = true }\n" HEAD "{ to = 'A', with = function(_, rec)\n"
        "local l = next(t).v next(t).v = rec.records[1] return l and l.name end } } }",
        "local _keep = text\n" HEAD "{ to = 'A', with = function(_, rec) local l = _keep\n"
        "_keep = rec.name return l == text and 'text' or l end } } }",
        "local t = { a = 1, b = 2, c = 3, d = 4 }\n" HEAD
        "{ to = 'A', with = function(_, rec) local s = '' for k in pairs(t) do s = s .. k end\n"
        "for i = 1, 100 do t['x' .. i] = 1 end for i = 1, 100 do t['x' .. i] = nil end\n"
        "return s end } } }",
        "local t = { a = 1 }\n" HEAD
        "{ to = 'A', with = function(_, rec) t.a = nil return t.b end },"
        "{ to = 'B', with = function() t.b = 'x' return t.a end } } }",
    };
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        assert_batch_is_as_single(scripts[i]);
    }
}

static void a_fault_ends_with_its_record(void **state) {
    (void)state;
    assert_batch_is_as_single("local n = 0\n" HEAD "{ to = 'A', with = function(_, rec) n = n + 1\n"
                              "if rec.number == '3' then error() end return n end } } }");
    assert_batch_is_as_single(HEAD "{ to = 'A', from = 'name', with = function(v, rec)\n"
                                   "if rec.number == '2' then while true do end end\n"
                                   "return v end } } }");
}

static void budgets_begin_anew(void **state) {
    (void)state;
    /* Each uses a good half of its steps. */
    assert_batch_is_as_single(HEAD
                              "{ to = 'A', with = function(_, rec)\n"
                              "local s = 0 for i = 1, 300000 do s = s + i end return s end } } }");
    /* Garbage of one record is no burden for the next. */
    assert_batch_is_as_single(
        HEAD "{ to = 'A', with = function(_, rec) local s = rec.number\n"
             "for i = 1, 17 do s = s .. s end return string.sub(s, 1, 5) end } } }");
}

static void libraries_cannot_be_written_to(void **state) {
    (void)state;
    static const char *const writes[] = {"text.date = 1",         "string.sub = 1", "table.x = 1",
                                         "math.abs = nil",        "utf8.char = 1",  "x = 1",
                                         "table.insert(table, 1)"};
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
        char script[512];
        snprintf(script, sizeof script, HEAD "{ to = 'A', with = function() %s return 1 end } } }",
                 writes[i]);
        const struct mapping_job job = job_of(script);
        assert_int_equal(mapping_run(&job, people[0], 1, &result, &why), SHK_E_SCRIPT_RUN);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plain_rows, load_people, free_people),
        cmocka_unit_test_setup_teardown(nothing_is_carried_over, load_people, free_people),
        cmocka_unit_test_setup_teardown(a_fault_ends_with_its_record, load_people, free_people),
        cmocka_unit_test_setup_teardown(budgets_begin_anew, load_people, free_people),
        cmocka_unit_test_setup_teardown(libraries_cannot_be_written_to, load_people, free_people),
    };
    return cmocka_run_group_tests_name("mapping_batch", tests, NULL, NULL);
}
