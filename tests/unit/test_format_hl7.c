/* HL7 v2 messages, and random ones taken apart again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "format_stage.h"

static void segments_fields_repeats_and_components(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("MSH/3", "SHIKAKU"),   CELL("PID/3.1", "1001"),    CELL("PID/3.5", "PI"),
        CELL("MSH/9.1", "ADT"),     CELL("MSH/9.2", "A08"),     CELL("PID/5.1", "見本"),
        CELL("PID/5.2", "太郎"),    CELL("PID/5.7", "L"),       CELL("PID/5(2).1", "ミホン"),
        CELL("PID/5(2).8", "P"),    CELL("IN1[1]/1", "1"),      CELL("IN1[2]/1", "2"),
        CELL("IN1[1]/3", "990010"), CELL("IN1[2]/10(3)", "01"), CELL("PID/2", "x"),
        CELL("ZSK/1.2.3", "sub"),   CELL("ZSK/1.3", "next"),
    };
    struct format_style style = style_of(FORMAT_HL7);
    assert_written(&style, cells, COUNT(cells),
                   "MSH|^~\\&|SHIKAKU||||||ADT^A08\r"
                   "PID||x|1001^^^^PI||見本^太郎^^^^^L~ミホン^^^^^^^P\r"
                   "IN1|1||990010\r"
                   "IN1|2|||||||||~~01\r"
                   "ZSK|^&&sub^next\r");
    assert_int_equal(head.n, 0);
    style.newline = "\r\n";
    style.bom = true;
    assert_written(&style, cells, 1, "\xEF\xBB\xBFMSH|^~\\&|SHIKAKU\r\n");
}

static void behind_the_last_value_stands_nothing(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("PID/1", "1"),   CELL("PID/3.1", ""),      CELL("PID/3.4", ""),  CELL("PID/5.1", "a"),
        CELL("PID/5.2", ""),  CELL("PID/5(2).1", NULL), CELL("PID/5(3)", ""), CELL("PID/8", ""),
        CELL("PID/30", NULL), CELL("PV1/1", ""),        CELL("PV1/2", NULL),
    };
    const struct format_style style = style_of(FORMAT_HL7);
    assert_written(&style, cells, COUNT(cells), "PID|1||||a\rPV1\r");
}

static void segments_without_any_value_are_not_written(void **state) {
    (void)state;
    const struct format_cell cells[] = {
        CELL("PID/1", NULL), CELL("IN1/1", "1"),  CELL("PV1/1", NULL),   CELL("PID/3", "3"),
        CELL("MSH/1", NULL), CELL("MSH/9", NULL), CELL("IN1[1]/2", "2"), CELL("IN1[2]/1", NULL)};
    const struct format_style style = style_of(FORMAT_HL7);
    assert_written(&style, cells, COUNT(cells), "PID|||3\rIN1|1|2\r");
    assert_written(&style, cells + 2, 1, "");
}

static void values_are_escaped(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("PID/5", "a|b^c&d~e\\f\"#見"),
                                        CELL("PID/6.1.2", "\\&")};
    const struct format_style style = style_of(FORMAT_HL7);
    assert_written(&style, cells, COUNT(cells),
                   "PID|||||a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\"#見|&\\E\\\\T\\\r");
}

static void msh_says_the_delimiters(void **state) {
    (void)state;
    const struct format_cell cells[] = {CELL("MSH/1", "$"), CELL("MSH/2", "*:!+#"),
                                        CELL("MSH/4", "a$|#"), CELL("PID/5.1", "x*:"),
                                        CELL("PID/5(2).2.2", "!")};
    const struct format_cell usual[] = {CELL("MSH/1", "|"), CELL("MSH/2", "^~\\&")};
    const struct format_style style = style_of(FORMAT_HL7);
    assert_written(&style, cells, COUNT(cells), "MSH$*:!+#$$a!F!|!P!\rPID$$$$$x!S!!R!:*+!E!\r");
    assert_written(&style, usual, 2, "MSH|^~\\&\r");
    static const char *const wrong[][2] = {
        {"||", "^~\\&"}, {"", "^~\\&"},  {"a", "^~\\&"}, {"|", "^~\\"},   {"|", "^~\\&##"},
        {"|", "^^\\&"},  {"^", "^~\\&"}, {"|", "^~\\1"}, {"|", "^~\\&^"}, {"|", "^~ &"}};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const struct format_cell bad[] = {CELL("MSH/1", wrong[i][0]), CELL("MSH/2", wrong[i][1])};
        assert_int_equal(write_cells(&style, bad, 2), SHK_E_VALUE);
        assert_int_equal(body.n, 0);
    }
}

static void paths_are_segment_field_and_parts(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_HL7);
    static const char *const good[] = {"PID/5",
                                       "PID/5.1",
                                       "PID/5.1.2",
                                       "PID/5(2).1",
                                       "IN1[2]/3",
                                       "ZX9/1",
                                       "IN1[9999]/9999(9999).9999.9999",
                                       "MSH/1",
                                       "MSH/2",
                                       "MSH/3.1",
                                       "PID/5(12)",
                                       NULL};
    static const char *const bad[] = {
        "",         "PID",      "PID/",       "PI/1",     "PIDX/1",  "pid/1",       "1ID/1",
        "PID/0",    "PID/01",   "PID/x",      "PID/5.",   "PID/5.0", "PID/5.1.2.3", "PID/5()",
        "PID/5(0)", "PID/5(1",  "PID/5.1(2)", "PID[0]/1", "PID[]/1", "PID[1/1",     "PID/10000",
        "MSH/1.1",  "MSH/2(2)", "PID/5 ",     "/5",       "PID/5/1", "PID/-1",      NULL};
    assert_usable(&style, good, bad);
}

static void a_place_holds_one_value(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_HL7);
    static const char *const clashes[][4] = {
        {"PID/5", "PID/6", "PID/5", NULL},         {"PID/5", "PID/6", "PID/5.1", NULL},
        {"PID/5.1", "PID/6", "PID/5", NULL},       {"PID/5.1", "PID/6", "PID/5(1).1", NULL},
        {"PID/5.1", "PID/6", "PID/5.1.1", NULL},   {"PID/5.1.2", "PID/6", "PID/5.1", NULL},
        {"IN1/5", "PID/6", "IN1[1]/5", NULL},      {"PID/5(2)", "PID/6", "PID/5(2).3.4", NULL},
        {"PID/5.1.2", "PID/6", "PID/5.1.2", NULL},
    };
    for (size_t i = 0; i < COUNT(clashes); i++) {
        assert_int_equal(misplaced(&style, clashes[i]), 2);
    }
    static const char *const fine[] = {"PID/5.1",  "PID/5.2", "PID/5(2)",  "PID/50",    "IN1[2]/5",
                                       "IN1[1]/5", "PIE/5",   "PID/6.1.1", "PID/6.1.2", NULL};
    assert_int_equal(misplaced(&style, fine), 9);
}

static void controls_are_forbidden(void **state) {
    (void)state;
    const struct format_style style = style_of(FORMAT_HL7);
    assert_true(format_forbidden(&style, "|^~\\&見　本", 14) == FORMAT_CODE_NONE);
    static const char controls[] = {'\0', '\t', '\r', '\n', '\x1F', '\x7F'};
    for (size_t i = 0; i < sizeof controls; i++) {
        const char text[] = {'a', controls[i], 'b'};
        assert_int_equal(format_forbidden(&style, text, 3), controls[i]);
    }
}

/* The nth of the pieces that `mark` parts, from 1, in room for 256 bytes; empty when there is none. */
static void piece(const char *text, char mark, unsigned n, char out[256]) {
    const char *p = text;
    for (unsigned i = 1; i < n && p != NULL; i++) {
        p = strchr(p, mark);
        p = p != NULL ? p + 1 : NULL;
    }
    size_t len = p == NULL                 ? 0
                 : strchr(p, mark) != NULL ? (size_t)(strchr(p, mark) - p)
                                           : strlen(p);
    assert_true(len < 256);
    memmove(out, p != NULL ? p : "", len);
    out[len] = '\0';
}

static void unescape(char *text) {
    static const char letters[] = "FSTRE", marks[] = "|^&~\\";
    char *to = text;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\\') {
            const char *letter = strchr(letters, p[1]);
            assert_true(letter != NULL && p[2] == '\\');
            *to++ = marks[letter - letters];
            p += 2;
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
}

static void look_up(const char *message, const unsigned at[5], char out[256]) {
    char line[4096];
    const char *p = message;
    for (unsigned i = 1; i < at[0]; i++) {
        p = strchr(p, '\r') + 1;
    }
    snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\r"), p);
    char *field = line;
    for (unsigned i = 0; i < at[1]; i++) {
        field = strchr(field, '|');
        assert_non_null(field);
        field++;
    }
    field[strcspn(field, "|")] = '\0';
    assert_true(strlen(field) < 256);
    memmove(out, field, strlen(field) + 1);
    piece(out, '~', at[2], out);
    piece(out, '^', at[3], out);
    piece(out, '&', at[4], out);
    unescape(out);
}

static void random_messages_are_taken_apart_again(void **state) {
    (void)state;
    static struct format_cell cells[60];
    static char paths[60][64], values[60][64];
    static unsigned places[60][5];
    static const char *const characters[] = {"|", "^", "~", "\\", "&", "見", "F", "E"};
    const struct format_style style = style_of(FORMAT_HL7);
    for (uint32_t round = 1; round <= 80; round++) {
        uint32_t seed = round;
        size_t n = 1;
        cells[0] = (struct format_cell){.to = "ZAA[1]/1", .value = "x"};
        for (size_t i = 0; i < 300 && n < COUNT(cells); i++) {
            unsigned *at = places[n];
            at[0] = next_random(&seed, 2) + 1;
            at[1] = next_random(&seed, 9) + 2;
            at[2] = next_random(&seed, 2) + 1;
            at[3] = next_random(&seed, 3) + 1;
            at[4] = next_random(&seed, 2) + 1;
            snprintf(paths[n], sizeof paths[n], "ZAA[%u]/%u(%u).%u.%u", at[0], at[1], at[2], at[3],
                     at[4]);
            random_text(&seed, characters, COUNT(characters), values[n]);
            cells[n] = (struct format_cell){.to = paths[n], .value = values[n]};
            n += format_first_misplaced(&style, cells, n + 1) == n + 1 ? 1 : 0;
        }
        assert_int_equal(write_cells(&style, cells, n), SHK_OK);
        for (size_t i = 1; i < n; i++) {
            char found[256];
            look_up(bytes_text(&body), places[i], found);
            assert_string_equal(found, cells[i].value);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(segments_fields_repeats_and_components),
        FORMAT_TEST(behind_the_last_value_stands_nothing),
        FORMAT_TEST(segments_without_any_value_are_not_written),
        FORMAT_TEST(values_are_escaped),
        FORMAT_TEST(msh_says_the_delimiters),
        FORMAT_TEST(paths_are_segment_field_and_parts),
        FORMAT_TEST(a_place_holds_one_value),
        FORMAT_TEST(controls_are_forbidden),
        FORMAT_TEST(random_messages_are_taken_apart_again),
    };
    return cmocka_run_group_tests_name("format_hl7", tests, NULL, NULL);
}
