/* What the console says of packs that were made, over a door that gives known values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"

struct known {
    const char *path, *text;
};

static const struct known values[] = {
    {"pack.id", "mihon"},
    {"pack.signed", "unsigned"},
    {"pack.guesses[1].to", "氏名"},
    {"pack.guesses[1].from", "name"},
    {"pack.guesses[1].sure", "sure"},
    {"pack.guesses[1].line", "7"},
    {"pack.guesses[2].to", "カナ"},
    {"pack.guesses[2].from", "name_kana"},
    {"pack.guesses[2].helper", "kana_half"},
    {"pack.guesses[2].sure", "likely"},
    {"pack.guesses[2].line", "8"},
    {"pack.guesses[3].to", "備考"},
    {"pack.guesses[3].sure", "unknown"},
    {"pack.guesses[3].line", "9"},
    {"pack.guesses[4].to", "備考2"},
    {"pack.guesses[4].constant", "1"},
    {"pack.guesses[4].sure", "likely"},
    {"pack.guesses[4].line", "9"},
    {"field.name.label", "氏名"},
    {"field.name.label_en", "Name"},
};

static const char *find(const char *path) {
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (strcmp(values[i].path, path) == 0) {
            return values[i].text;
        }
    }
    return NULL;
}

static int32_t SHK_CALL give_text(shk_session s, const char *path, int32_t n, char *buf,
                                  int32_t cap) {
    const char *text = find(path);
    (void)s;
    (void)n;
    return text != NULL ? (int32_t)snprintf(buf, (size_t)cap, "%s", text) : SHK_E_ABSENT;
}

static int32_t SHK_CALL give_int(shk_session s, const char *path, int32_t n, int32_t *out) {
    const char *text = find(path);
    (void)s;
    (void)n;
    if (text == NULL || text[0] < '0' || text[0] > '9') {
        return SHK_E_ABSENT;
    }
    *out = text[0] - '0';
    return SHK_OK;
}

static int32_t SHK_CALL give_count(shk_session s, const char *path, int32_t n) {
    (void)s;
    (void)n;
    return strcmp(path, "pack.guesses") == 0 ? 4 : 0;
}

static struct args args;
static struct args_wrong wrong;
static const struct door door = {.text = give_text, .integer = give_int, .count = give_count};

/* What comes out, in memory that the next call uses again. */
static const char *said(void (*say)(struct run *r), bool english, const char *const *words, int n) {
    static char room[8192];
    static char words_room[8][64];
    char *argv[8];
    for (int i = 0; i < n; i++) {
        (void)snprintf(words_room[i], sizeof words_room[i], "%s", words[i]);
        argv[i] = words_room[i];
    }
    assert_true(args_read(n, argv, &args, &wrong));
    struct run r = {.args = &args, .source = args.operand, .s = {&door, 1}};
    FILE *file = tmpfile();
    assert_non_null(file);
    out_init(&r.screen.out, file);
    r.screen.english = english;
    say(&r);
    out_flush(&r.screen.out);
    rewind(file);
    room[fread(room, 1, sizeof room - 1, file)] = '\0';
    (void)fclose(file);
    args_clear(&args);
    return room;
}

#define SAID(say, english, ...)                                                                    \
    said(say, english, (const char *const[]){"shikaku", __VA_ARGS__},                              \
         1 + (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static void a_draft_tells_what_is_certain_and_what_is_not(void **state) {
    static const char *const words[] = {"氏名   name (氏名)  -           7  確か\n",
                                        "カナ   name_kana    kana_half   8  推測\n",
                                        "備考   -            -           9  要確認\n",
                                        "確か 1、推測 2、要確認 1\n",
                                        "shikaku pack test o ",
                                        "備考2  固定値 1     -           9  推測\n"};
    (void)state;
    const char *told = SAID(pack_show_new, false, "pack", "new", "h.csv", "--out", "o");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(told, words[i]) == NULL) {
            fail_msg("%s is not in\n%s", words[i], told);
        }
    }
    told = SAID(pack_show_new, true, "pack", "new", "h.csv", "--out", "o");
    assert_non_null(strstr(told, "please check\n"));
    assert_non_null(strstr(told, "name (Name)"));
    assert_non_null(strstr(told, "sure 1, likely 2, to be checked 1\n"));
}

static void report_good(struct run *r) {
    static const struct failure none;
    pack_report(r, &none);
}

static void report_fault_of_input(struct run *r) {
    struct failure f;
    failure_own(&f, SHK_E_INPUT, "INPUT", "値", "value");
    pack_report(r, &f);
}

static void one_object_says_the_same(void **state) {
    (void)state;
    const char *told = SAID(report_good, false, "pack", "new", "h.csv", "--out", "o", "--json");
    assert_string_equal(
        told,
        "{\"out\":\"o\",\"guesses\":["
        "{\"to\":\"氏名\",\"from\":\"name\",\"sure\":\"sure\",\"line\":7},"
        "{\"to\":\"カナ\",\"from\":\"name_kana\",\"helper\":\"kana_half\",\"sure\":\"likely\","
        "\"line\":8},"
        "{\"to\":\"備考\",\"sure\":\"unknown\",\"line\":9},"
        "{\"to\":\"備考2\",\"constant\":\"1\",\"sure\":\"likely\",\"line\":9}],"
        "\"ok\":true}\n");
    told = SAID(report_fault_of_input, false, "pack", "sign", "a", "--key", "k", "--json");
    assert_non_null(
        strstr(told, "{\"id\":\"mihon\",\"signed\":\"unsigned\",\"ok\":false,\"fault\":{"));
}

static void what_was_made_is_named(void **state) {
    (void)state;
    assert_non_null(strstr(SAID(pack_show_signed, false, "pack", "sign", "a", "--key", "k"),
                           ": a の manifest.txt"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_tells_what_is_certain_and_what_is_not),
        cmocka_unit_test(one_object_says_the_same),
        cmocka_unit_test(what_was_made_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
