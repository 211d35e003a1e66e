/* JSON documents, and random ones read back by the library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "format_stage.h"

#define NUMBER(name, text)                                                                         \
    { .to = (name), .value = (text), .kind = CELL_NUMBER }
#define BOOLEAN(name, text)                                                                        \
    { .to = (name), .value = (text), .kind = CELL_BOOLEAN }

static void objects_and_arrays_follow_the_paths(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("resourceType", "Bundle"),
        CELL("entry[1]/resource/name[1]/text", "見本　太郎"),
        CELL("entry[2]/resource/id", NULL),
        CELL("entry[1]/resource/name[1]/given[1]", "太郎"),
        CELL("entry[3]/resource/id", "3"),
        CELL("entry[1]/resource/gender", "male"),
        CELL("meta/note", ""),
    };
    const struct format_style style = style_of(FORMAT_JSON);
    assert_written(&style, cells, COUNT(cells),
                   "{\n"
                   "  \"resourceType\": \"Bundle\",\n"
                   "  \"entry\": [\n"
                   "    {\n"
                   "      \"resource\": {\n"
                   "        \"name\": [\n"
                   "          {\n"
                   "            \"text\": \"見本　太郎\",\n"
                   "            \"given\": [\n"
                   "              \"太郎\"\n"
                   "            ]\n"
                   "          }\n"
                   "        ],\n"
                   "        \"gender\": \"male\"\n"
                   "      }\n"
                   "    },\n"
                   "    {\n"
                   "      \"resource\": {\n"
                   "        \"id\": \"3\"\n"
                   "      }\n"
                   "    }\n"
                   "  ],\n"
                   "  \"meta\": {\n"
                   "    \"note\": \"\"\n"
                   "  }\n"
                   "}\n");
    assert_int_equal(head.n, 0);
}

static void arrays_are_in_the_order_of_their_numbers(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("a[10]", "10"),     CELL("a[9]", "9"),     CELL("a[200]", "200"),
        CELL("b[2]/x[3]", "23"), CELL("a[1]", "1"),     CELL("b[2]/x[1]", "21"),
        CELL("b[1]/y", "1"),     CELL("a[9999]", NULL),
    };
    struct format_style style = style_of(FORMAT_JSON);
    style.indent = 0;
    assert_written(
        &style, cells, COUNT(cells),
        "{\"a\":[\"1\",\"9\",\"10\",\"200\"],\"b\":[{\"y\":\"1\"},{\"x\":[\"21\",\"23\"]}]}"
        "\n");
    assert_written(&style, cells + 7, 1, "{}\n");
}

static void texts_are_escaped_and_otherwise_as_they_are(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("a", "\"\\\n\t\x01/é𠮷"), CELL("\"見\\本\"", "x")};
    struct format_style style = style_of(FORMAT_JSON);
    style.indent = 1;
    style.newline = "\r\n";
    style.bom = true;
    assert_written(&style, cells, COUNT(cells),
                   "\xEF\xBB\xBF{\r\n \"a\": \"\\\"\\\\\\n\\t\\u0001/é𠮷\",\r\n"
                   " \"\\\"見\\\\本\\\"\": \"x\"\r\n}\r\n");
    assert_true(format_forbidden(&style, "\x01\n\"見", 6) == FORMAT_CODE_NONE);
    assert_int_equal(format_forbidden(&style, "a\0b", 3), 0);
}

static void numbers_and_booleans_stand_without_quotes(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        NUMBER("a", "0"),     NUMBER("b", "-12"),    NUMBER("c", "123456789012345678"),
        BOOLEAN("d", "true"), BOOLEAN("e", "false"), NUMBER("f", NULL),
    };
    struct format_style style = style_of(FORMAT_JSON);
    style.indent = -1;
    assert_written(&style, cells, COUNT(cells),
                   "{\"a\":0,\"b\":-12,\"c\":123456789012345678,\"d\":true,\"e\":false}\n");
    static const char *const no_numbers[] = {"",   "1.5", "007", "-0", "1 ",
                                             "１", "+1",  "-",   "x",  "1234567890123456789"};
    static const char *const no_booleans[] = {"", "True", "1", "yes", "true "};
    for (size_t i = 0; i < COUNT(no_numbers); i++) {
        const struct format_cell one[] = {CELL("a", "1"), NUMBER("b", no_numbers[i])};
        assert_false(format_kind_fits(CELL_NUMBER, no_numbers[i]));
        assert_int_equal(write_cells(&style, one, 2), SHK_E_VALUE);
        assert_int_equal(body.n, 0);
    }
    for (size_t i = 0; i < COUNT(no_booleans); i++) {
        const struct format_cell one[] = {BOOLEAN("a", no_booleans[i])};
        assert_false(format_kind_fits(CELL_BOOLEAN, no_booleans[i]));
        assert_int_equal(write_cells(&style, one, 1), SHK_E_VALUE);
    }
    assert_true(format_kind_fits(CELL_TEXT, ""));
}

static void paths_are_members_and_entries(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_JSON);
    static const char *const good[] = {"a",       "a/b",   "a[1]", "a[9999]/b",  "@type",
                                       "$schema", "a b.c", "見本", "a/b[2]/c/d", NULL};
    static const char *const bad[] = {
        "",      "/a",       "a/",    "a//b",  "a[0]",
        "a[01]", "a[10000]", "a[-1]", "a[x]",  "a[]",
        "a[1",   "a]",       "[1]",   "a[1]b", "a[1][2]",
        "a\x01", "\xFF",     "a[1]/", "a[ 1]", "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
        NULL};
    assert_usable(&style, good, bad);
}

static void a_place_holds_one_kind_of_thing(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_JSON);
    static const char *const clashes[][4] = {
        {"a", "b", "a", NULL},         {"a", "b", "a/c", NULL},     {"a/c", "b", "a", NULL},
        {"a[1]", "b", "a", NULL},      {"a", "b", "a[1]", NULL},    {"a[1]", "b", "a/c", NULL},
        {"a/c", "b", "a[2]/c", NULL},  {"a[1]", "b", "a[1]", NULL}, {"a[1]", "b", "a[1]/c", NULL},
        {"a[1]/c", "b", "a[1]", NULL}, {"a/b/c", "b", "a/b", NULL}, {"a/b", "b", "a/b[1]/c", NULL},
    };
    for (size_t i = 0; i < COUNT(clashes); i++) {
        const struct format_cell cells[] = {CELL(clashes[i][0], "1"), CELL(clashes[i][2], "2")};
        assert_int_equal(misplaced(&style, clashes[i]), 2);
        assert_int_equal(write_cells(&style, cells, 2), SHK_E_VALUE);
    }
    static const char *const fine[] = {"a[1]/b", "a[12]", "a[2]",     "ab",       "a b", "b/a",
                                       "b/ab",   "b/a.b", "c/d[1]/e", "c/d[1]/f", NULL};
    assert_int_equal(misplaced(&style, fine), 10);
}

/* How many entries before [index] hold something. */
static size_t rank(const struct format_cell *cells, size_t n, const char *prefix, long index) {
    size_t before = 0;
    for (long i = 1; i < index; i++) {
        char entry[160];
        size_t len = (size_t)snprintf(entry, sizeof entry, "%s[%ld]", prefix, i);
        bool there = false;
        for (size_t j = 0; j < n; j++) {
            there = there || strncmp(cells[j].to, entry, len) == 0;
        }
        before += there ? 1 : 0;
    }
    return before;
}

/* What stands at a path of a parsed document, or null. */
static const json_t *look_up(const json_t *root, const struct format_cell *cells, size_t n,
                             const char *path) {
    const json_t *at = root;
    char name[64], prefix[128];
    for (const char *p = path; *p != '\0' && at != NULL; p += *p == '/' ? 1 : 0) {
        size_t len = strcspn(p, "/[");
        snprintf(name, sizeof name, "%.*s", (int)len, p);
        at = json_object_get(at, name);
        p += len;
        if (*p == '[') {
            char *end;
            snprintf(prefix, sizeof prefix, "%.*s", (int)(p - path), path);
            long index = strtol(p + 1, &end, 10);
            at = json_array_get(at, rank(cells, n, prefix, index));
            p = end + 1;
        }
    }
    return at;
}

static size_t leaves(const json_t *value) {
    size_t n = json_is_object(value) || json_is_array(value) ? 0 : 1, i;
    const char *key;
    json_t *child;
    json_array_foreach(value, i, child) {
        n += leaves(child);
    }
    json_object_foreach((json_t *)value, key, child) {
        n += leaves(child);
    }
    return n;
}

/* Cells whose paths do not clash: the first step's name says what is below. */
static size_t random_cells(uint32_t *seed, struct format_cell *cells, char (*paths)[64],
                           char (*values)[64], size_t most) {
    static const char *const forms[] = {"o/%u",       "a[%u]",          "e[%u]/k",
                                        "e[%u]/l[3]", "e[%u]/l[1]",     "d/x[%u]/y[%u]/見",
                                        "o/s/%u",     "d/z[%u]/t/u[%u]"};
    static const char *const characters[] = {"\"", "\\", "/",    "\n", "\x02",
                                             "見", "𠮷", "\x7F", "{",  "é"};
    const struct format_style style = style_of(FORMAT_JSON);
    size_t n = 0;
    for (size_t i = 0; i < most; i++) {
        snprintf(paths[n], sizeof paths[n], forms[next_random(seed, 8)],
                 (unsigned)next_random(seed, 12) + 1, (unsigned)next_random(seed, 3) + 1);
        random_text(seed, characters, COUNT(characters), values[n]);
        cells[n] = (struct format_cell){.to = paths[n], .value = values[n]};
        n += format_first_misplaced(&style, cells, n + 1) == n + 1 ? 1 : 0;
    }
    return n;
}

static void random_documents_are_read_back_as_they_were_meant(void **state) {
    (void)state;
    static struct format_cell cells[60];
    static char paths[60][64], values[60][64];
    for (uint32_t round = 1; round <= 300; round++) {
        uint32_t seed = round;
        struct format_style style = style_of(FORMAT_JSON);
        size_t n = random_cells(&seed, cells, paths, values, COUNT(cells));
        assert_true(n > 20);
        style.indent = (int32_t)(round % 4);
        style.newline = round % 2 == 0 ? "\n" : "\r\n";
        assert_int_equal(write_cells(&style, cells, n), SHK_OK);
        json_t *root = json_loadb(bytes_text(&body), body.n, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(root);
        assert_int_equal(leaves(root), n);
        for (size_t i = 0; i < n; i++) {
            const char *text = json_string_value(look_up(root, cells, n, cells[i].to));
            assert_non_null(text);
            assert_string_equal(text, cells[i].value);
        }
        json_decref(root);
    }
}

static void bytes_that_are_no_text_are_refused(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("a", "\xFF")};
    const struct format_style style = style_of(FORMAT_JSON);
    assert_int_equal(write_cells(&style, cells, 1), SHK_E_VALUE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(objects_and_arrays_follow_the_paths),
        FORMAT_TEST(arrays_are_in_the_order_of_their_numbers),
        FORMAT_TEST(texts_are_escaped_and_otherwise_as_they_are),
        FORMAT_TEST(numbers_and_booleans_stand_without_quotes),
        FORMAT_TEST(paths_are_members_and_entries),
        FORMAT_TEST(a_place_holds_one_kind_of_thing),
        FORMAT_TEST(random_documents_are_read_back_as_they_were_meant),
        FORMAT_TEST(bytes_that_are_no_text_are_refused),
    };
    return cmocka_run_group_tests_name("format_json", tests, NULL, NULL);
}
