/* The small patterns of text.match. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pattern.h"

static size_t work_done;

static void count(void *self, size_t work) {
    (void)self;
    work_done += work;
}

static struct word word(const char *text) {
    return (struct word){text, strlen(text)};
}

static struct pattern pattern;
static struct pattern_hit hit;

static bool find(const char *text, const char *source) {
    assert_true(pattern_read(word(source), &pattern));
    work_done = 0;
    bool found = pattern_find(&pattern, word(text), count, NULL, &hit);
    assert_true(work_done > 0);
    return found;
}

/* The captures, or the whole, joined by "|"; "(none)" when nothing fits. */
static void assert_match(const char *text, const char *source, const char *expected) {
    char made[256] = "(none)";
    if (find(text, source)) {
        size_t n = 0;
        const struct word *parts = pattern.captures_n > 0 ? hit.captures : &hit.whole;
        made[0] = '\0';
        for (size_t i = 0; i < (pattern.captures_n > 0 ? pattern.captures_n : 1); i++) {
            n += (size_t)snprintf(made + n, sizeof made - n, "%s%.*s", i > 0 ? "|" : "",
                                  (int)parts[i].n, parts[i].p);
        }
    }
    if (strcmp(made, expected) != 0) {
        fail_msg("%s in %s: %s", source, text, made);
    }
}

static void characters_stand_for_themselves(void **state) {
    (void)state;
    assert_match("abc", "b", "b");
    assert_match("見本市", "本", "本");
    assert_match("abc", "d", "(none)");
    assert_match("a.c", "%.", ".");
    assert_match("abc", "a.c", "abc");
    assert_match("a本c", "a.c", "a本c");
    assert_match("a$b^c", "$b^", "$b^");
    assert_match("1-2", "-", "-");
    assert_match("]", "]", "]");
}

static void classes_are_those_of_ascii_but_spaces(void **state) {
    (void)state;
    assert_match("見a1", "%d", "1");
    assert_match("見a1", "%a", "a");
    assert_match("見_1", "%w", "1");
    assert_match("a　b", "%s", "　");
    assert_match("a\tb", "%s", "\t");
    assert_match("１a", "%d", "(none)");
    assert_match("12a", "%D", "a");
    assert_match("ab1", "%A", "1");
    assert_match("a1見", "%W", "見");
    assert_match("　 a", "%S", "a");
}

static void sets_hold_ranges_and_classes(void **state) {
    (void)state;
    assert_match("xb", "[abc]", "b");
    assert_match("みほん", "[ぁ-ん]+", "みほん");
    assert_match("ミほ", "[^ァ-ー]", "ほ");
    assert_match("a-1", "[%d-]+", "-1");
    assert_match("x]", "[]]", "]");
    assert_match("]x", "[^]]", "x");
    assert_match("a^", "[%^]", "^");
    assert_match("5", "[0-46-9]", "(none)");
    assert_match("b-", "[a-]+", "-");
    assert_match("%", "[%%]", "%");
    assert_match("１２", "[%d０-９]+", "１２");
}

static void repeats_are_greedy_or_lazy(void **state) {
    (void)state;
    assert_match("aaab", "a*", "aaa");
    assert_match("baaa", "a*", "");
    assert_match("baaa", "a+", "aaa");
    assert_match("aaab", "a-b", "aaab");
    assert_match("(a)(b)", "%((.-)%)", "a");
    assert_match("(a)(b)", "%((.*)%)", "a)(b");
    assert_match("color", "colou?r", "color");
    assert_match("colour", "colou?r", "colour");
    assert_match("12345", "%d%d-$", "12345");
    assert_match("見見本", "見*本", "見見本");
    assert_match("aab", "a?a?a?b", "aab");
    assert_match("b", "a+b", "(none)");
}

static void anchors_hold_both_ends(void **state) {
    (void)state;
    assert_match("ab", "^a", "a");
    assert_match("ba", "^a", "(none)");
    assert_match("ab", "b$", "b");
    assert_match("ab", "a$", "(none)");
    assert_match("", "^$", "");
    assert_match("a", "^$", "(none)");
    assert_match("", "^.*$", "");
    assert_match("a$$", "$*$", "$$");
}

static void captures_come_in_order(void **state) {
    (void)state;
    assert_match("2025-06-02", "(%d+)-(%d+)-(%d+)", "2025|06|02");
    assert_match("ab", "((a)(b))", "ab|a|b");
    assert_match("見本　太郎", "^([^%s]+)%s+(.+)$", "見本|太郎");
    assert_match("abcdefgh", "(.)(.)(.)(.)(.)(.)(.)(.)", "a|b|c|d|e|f|g|h");
    assert_match("aXb", "(a?)X(c*)", "a|");
    assert_match("aab", "(a*)(ab)", "a|ab");
}

static void badly_formed_patterns_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"",
                                      "(",
                                      ")",
                                      "(a",
                                      "a)",
                                      "()",
                                      "[",
                                      "[a",
                                      "[]",
                                      "[^]",
                                      "%",
                                      "*a",
                                      "+",
                                      "?",
                                      "^*",
                                      "(*a)",
                                      "%b()",
                                      "%f",
                                      "%1",
                                      "%x",
                                      "%é",
                                      "a**",
                                      "(a)*",
                                      "[%",
                                      "[%q]",
                                      "%z",
                                      "%l",
                                      "%あ",
                                      "(.)(.)(.)(.)(.)(.)(.)(.)(.)",
                                      "\xFF",
                                      "[\xE3\x81]",
                                      "a\xE3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (pattern_read(word(bad[i]), &pattern)) {
            fail_msg("%s", bad[i]);
        }
    }
    char longest[PATTERN_BYTES + 2];
    memset(longest, 'a', sizeof longest);
    assert_true(pattern_read((struct word){longest, PATTERN_ITEMS}, &pattern));
    assert_false(pattern_read((struct word){longest, PATTERN_ITEMS + 1}, &pattern));
    longest[0] = '[';
    longest[PATTERN_BYTES - 1] = ']';
    assert_true(pattern_read((struct word){longest, PATTERN_BYTES}, &pattern));
    longest[PATTERN_BYTES] = 'a';
    assert_false(pattern_read((struct word){longest, PATTERN_BYTES + 1}, &pattern));
}

static void a_zero_byte_is_a_character(void **state) {
    (void)state;
    assert_true(pattern_read((struct word){"a\0b", 3}, &pattern));
    assert_true(pattern_find(&pattern, (struct word){"xa\0b", 4}, count, NULL, &hit));
    assert_int_equal(hit.whole.n, 3);
    assert_false(pattern_read((struct word){"%\0", 2}, &pattern));
}

static jmp_buf stopped;

static void stop_late(void *self, size_t work) {
    size_t *left = self;
    if (*left < work) {
        longjmp(stopped, 1); /* NOLINT(cert-err52-cpp) */
    }
    *left -= work;
}

static void an_explosion_can_be_left_at_any_step(void **state) {
    (void)state;
    static char text[200];
    static size_t left;
    left = 100000;
    memset(text, 'a', sizeof text);
    assert_true(pattern_read(word(".-.-.-.-.-.-b"), &pattern));
    static const struct word in = {text, sizeof text};
    if (setjmp(stopped) == 0) { /* NOLINT(cert-err52-cpp) */
        pattern_find(&pattern, in, stop_late, &left, &hit);
        fail();
    }
    assert_true(left < 100);
}

/* Everything that can be made of these pieces is either refused or ends without a bad access. */
static void any_pattern_is_safe(void **state) {
    (void)state;
    static const char *const pieces[] = {"a", "本", ".", "%d", "%S", "[^a]", "[", "]", "(",
                                         ")", "*",  "+", "-",  "?",  "^",    "$", "%", "[%a-z]"};
    uint32_t seed = 1;
    size_t read = 0;
    for (int i = 0; i < 20000; i++) {
        char source[64] = "";
        for (size_t n = 0; n < 6; n++) {
            seed = seed * 1664525u + 1013904223u;
            const char *piece = pieces[(seed >> 16) % (sizeof pieces / sizeof pieces[0])];
            snprintf(source + strlen(source), sizeof source - strlen(source), "%s", piece);
        }
        if (pattern_read(word(source), &pattern)) {
            read++;
            pattern_find(&pattern, word("a本1 ab-(見)z"), count, NULL, &hit);
        }
    }
    assert_true(read > 500);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_stand_for_themselves),
        cmocka_unit_test(classes_are_those_of_ascii_but_spaces),
        cmocka_unit_test(sets_hold_ranges_and_classes),
        cmocka_unit_test(repeats_are_greedy_or_lazy),
        cmocka_unit_test(anchors_hold_both_ends),
        cmocka_unit_test(captures_come_in_order),
        cmocka_unit_test(badly_formed_patterns_are_refused),
        cmocka_unit_test(a_zero_byte_is_a_character),
        cmocka_unit_test(an_explosion_can_be_left_at_any_step),
        cmocka_unit_test(any_pattern_is_safe),
    };
    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
