/* The console's command line, widths and dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "screen.h"
#include "utf8.h"

static struct args args;
static struct args_wrong wrong;

static bool read_words(const char *const *words, int n) {
    static char room[16][512] = {"shikaku"};
    char *argv[16] = {room[0]};
    assert_true(n < 16);
    for (int i = 1; i <= n; i++) {
        assert_true((size_t)snprintf(room[i], sizeof room[i], "%s", words[i - 1]) < sizeof room[i]);
        argv[i] = room[i];
    }
    memset(&wrong, 0, sizeof wrong);
    return args_read(n + 1, argv, &args, &wrong);
}

#define READ(...)                                                                                  \
    read_words((const char *const[]){__VA_ARGS__},                                                 \
               (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

static void options_stand_before_or_behind_the_command(void **state) {
    (void)state;
    assert_true(READ("--json", "check", "--quiet", "--last-try"));
    assert_int_equal(args.command, COMMAND_CHECK);
    assert_true(args.json && args.quiet && args.last_try && !args.english && !args.show_document);
    assert_int_equal(args.pin_fd, -1);
    args_clear(&args);
}

static void a_quick_list_of_readers(void **state) {
    (void)state;
    assert_true(READ("readers", "--quick"));
    assert_true(args.command == COMMAND_READERS && args.quick);
    args_clear(&args);
    assert_true(READ("readers"));
    assert_false(args.quick);
    args_clear(&args);
}

static void values_come_as_a_word_or_behind_an_equals_sign(void **state) {
    (void)state;
    assert_true(READ("watch", "--config=a=b.lua", "--library", "x.so", "--pin-fd=0", "--timeout",
                     "86400", "--lang=en"));
    assert_int_equal(args.command, COMMAND_WATCH);
    assert_string_equal(args.config, "a=b.lua");
    assert_string_equal(args.library, "x.so");
    assert_int_equal(args.pin_fd, 0);
    assert_int_equal(args.timeout_s, 86400);
    assert_true(args.english);
    args_clear(&args);
}

static void settings_keep_their_order(void **state) {
    (void)state;
    assert_true(
        READ("check", "--set", "route=demo", "--set=demo.folder=x=y", "--set", "log.file="));
    assert_int_equal(args.set_n, 3);
    assert_string_equal(args.set[0], "route=demo");
    assert_string_equal(args.set[1], "demo.folder=x=y");
    assert_string_equal(args.set[2], "log.file=");
    args_clear(&args);
}

static void two_hyphens_end_the_options(void **state) {
    (void)state;
    assert_true(READ("import", "--json", "--", "--lang"));
    assert_string_equal(args.operand, "--lang");
    assert_true(args.json && !args.english);
    args_clear(&args);
}

static void the_help_names_the_routes_without_a_card(void **state) {
    static const enum command commands[] = {COMMAND_CHECK, COMMAND_WATCH};
    static const char *const words[] = {"folder", "app", "unstated"};
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        assert_non_null(strstr(usage_text(commands[i % 2], i / 6 == 0), words[i / 2 % 3]));
    }
}

#define REFUSED(...)                                                                               \
    do {                                                                                           \
        assert_false(READ(__VA_ARGS__));                                                           \
        assert_true(wrong.japanese != NULL && utf8_valid(wrong.japanese));                         \
        assert_non_null(wrong.english);                                                            \
        assert_non_null(wrong.word);                                                               \
        args_clear(&args);                                                                         \
    } while (0)

static void what_is_not_understood_is_refused(void **state) {
    (void)state;
    REFUSED("--json");
    REFUSED("chek");
    REFUSED("check", "watch");
    REFUSED("check", "--foo");
    REFUSED("check", "--jsonx");
    REFUSED("check", "--config");
    REFUSED("check", "--config=");
    REFUSED("check", "--set", "route");
    REFUSED("check", "--set", "=demo");
    REFUSED("check", "--lang", "de");
    REFUSED("check", "--json", "--show-document");
    REFUSED("readers", "--pin-fd", "0");
    REFUSED("check", "--quick");
    REFUSED("check", "\xFF");
    REFUSED("check", "--config", "\x8E\x91.lua");
}

static void numbers_have_limits(void **state) {
    (void)state;
    REFUSED("check", "--timeout", "0");
    REFUSED("check", "--timeout", "86401");
    REFUSED("check", "--timeout", "1.5");
    REFUSED("check", "--timeout", "-1");
    REFUSED("check", "--timeout", "99999999999999999999");
    REFUSED("check", "--pin-fd", "");
    REFUSED("check", "--pin-fd", "1024");
}

static void a_pin_is_refused_and_never_repeated(void **state) {
    (void)state;
    REFUSED("check", "--pin", "1234");
    assert_null(strstr(wrong.word, "1234"));
    REFUSED("check", "--pin=1234");
    assert_null(strstr(wrong.word, "1234"));
    REFUSED("check", "1234");
    assert_null(strstr(wrong.word, "1234"));
    REFUSED("check", "--pin-fd", "x1234");
    assert_null(strstr(wrong.word, "1234"));
}

static void an_import_takes_one_file(void **state) {
    (void)state;
    assert_true(READ("import", "--from", "app", "--json", "-"));
    assert_int_equal(args.command, COMMAND_IMPORT);
    assert_string_equal(args.operand, "-");
    assert_int_equal(args.inputs_n, 1);
    assert_string_equal(args.inputs[0].path, "import.from");
    assert_string_equal(args.inputs[0].value, "app");
    args_clear(&args);
    REFUSED("import");
    REFUSED("import", "a.xml", "b.xml");
    REFUSED("check", "a.xml");
    REFUSED("import", "--from", "app", "--from", "oqs", "a.xml");
}

static void a_query_takes_the_data_of_a_card_or_the_standard_input(void **state) {
    (void)state;
    assert_true(READ("query", "--insurer=990010", "--number", "345", "--branch", "02", "--birth",
                     "昭和29年1月5日"));
    assert_int_equal(args.inputs_n, 4);
    assert_string_equal(args.inputs[0].path, "query.insurer_number");
    assert_string_equal(args.inputs[3].path, "query.birth_date");
    args_clear(&args);
    assert_true(READ("query", "-"));
    assert_string_equal(args.operand, "-");
    args_clear(&args);
    REFUSED("query");
    REFUSED("query", "345");
    REFUSED("query", "--number", "345", "990010");
    assert_null(strstr(wrong.word, "990010"));
    REFUSED("query", "-", "--reference", "1");
    REFUSED("register", "-", "--query-date", "20260101");
    REFUSED("query", "-", "--pin-fd", "0");
}

static void a_bulk_run_needs_its_table_columns_and_folder(void **state) {
    (void)state;
    assert_true(READ("bulk", "--columns", "c.lua", "--out", "x", "t.csv"));
    assert_int_equal(args.command, COMMAND_BULK);
    assert_string_equal(args.operand, "t.csv");
    args_clear(&args);
    REFUSED("bulk", "--columns", "c.lua", "--out", "x");
    REFUSED("bulk", "--columns", "c.lua", "t.csv");
    REFUSED("bulk", "--out", "x", "t.csv");
    REFUSED("check", "--columns", "c.lua");
    REFUSED("bulk", "--columns", "c.lua", "--out", "x", "t.csv", "--show-document");
}

static void a_person_takes_a_number_only_from_a_descriptor(void **state) {
    (void)state;
    assert_true(READ("person", "--code-fd", "3", "--json"));
    assert_int_equal(args.command, COMMAND_PERSON);
    assert_int_equal(args.pin_fd, 3);
    args_clear(&args);
    assert_true(READ("person", "--pin-fd=4", "--last-try", "--match", "new", "--show-document"));
    assert_int_equal(args.pin_fd, 4);
    assert_true(args.last_try);
    args_clear(&args);
    REFUSED("person", "55040120350000");
    assert_string_equal(wrong.word, "");
    REFUSED("person", "--code", "55040120350000");
    assert_string_equal(wrong.word, "");
    REFUSED("person", "--code-fd", "x");
    REFUSED("check", "--code-fd", "3");
    REFUSED("person", "--from", "app");
}

static void mapping_takes_a_pack_or_a_script_and_any_number_of_files(void **state) {
    (void)state;
    assert_true(READ("map", "--pack", "packs/a", "x.xml", "-", "--explain", "y.xml"));
    assert_int_equal(args.command, COMMAND_MAP);
    assert_int_equal(args.operands_n, 3);
    assert_string_equal(args.operands[1], "-");
    assert_string_equal(args.operands[2], "y.xml");
    assert_string_equal(args_input(&args, "map.pack"), "packs/a");
    assert_null(args_input(&args, "map.script"));
    assert_true(args.explain && !args.force);
    args_clear(&args);
    assert_null(args.operands);
    assert_true(READ("map", "--script", "a.lua", "--overlay", "o.lua", "--from", "oqs", "x.xml"));
    assert_string_equal(args_input(&args, "map.overlay"), "o.lua");
    assert_string_equal(args_input(&args, "import.from"), "oqs");
    args_clear(&args);
    REFUSED("map", "x.xml");
    REFUSED("map", "--pack", "a", "--script", "b.lua", "x.xml");
    REFUSED("map", "--pack", "a");
    REFUSED("map", "--pack", "a", "-", "-");
    REFUSED("map", "--pack", "a", "x.xml", "--show-document");
    REFUSED("map", "--pack", "a", "x.xml", "--pin-fd", "0");
    REFUSED("import", "--pack", "a", "x.xml");
    REFUSED("import", "--explain", "x.xml");
    REFUSED("check", "--force");
}

static void documents_go_to_one_place(void **state) {
    (void)state;
    assert_true(READ("map", "--pack", "a", "--out", "o.csv", "--force", "x.xml"));
    assert_string_equal(args.out, "o.csv");
    assert_true(args.force);
    args_clear(&args);
    assert_true(READ("map", "--pack", "a", "--out-dir=o", "x.xml"));
    assert_string_equal(args.out_folder, "o");
    assert_null(args.out);
    args_clear(&args);
    assert_true(READ("map", "--pack", "a", "--diff", "old.csv", "x.xml"));
    assert_string_equal(args.diff, "old.csv");
    args_clear(&args);
    REFUSED("map", "--pack", "a", "--out", "o", "--out-dir", "p", "x.xml");
    REFUSED("map", "--pack", "a", "--out", "o", "--diff", "p", "x.xml");
    REFUSED("map", "--pack", "a", "--diff", "p", "--explain", "x.xml");
    REFUSED("map", "--pack", "a", "--force", "x.xml");
    REFUSED("map", "--pack", "a", "--force", "--out-dir", "o", "x.xml");
    REFUSED("map", "--pack", "a", "--out", "o", "--out", "p", "x.xml");
    REFUSED("map", "--pack", "a", "--out=", "x.xml");
}

/* --out means a file, a pack's folder or a run's, as the command says, wherever it stands. */
static void one_option_means_what_its_command_says(void **state) {
    (void)state;
    assert_true(READ("--out", "map", "pack", "new", "h.csv"));
    assert_int_equal(args.command, COMMAND_PACK_NEW);
    assert_string_equal(args_input(&args, "pack.out"), "map");
    assert_null(args.out);
    args_clear(&args);
    assert_true(READ("--out=pack", "map", "--pack", "a", "pack"));
    assert_int_equal(args.command, COMMAND_MAP);
    assert_string_equal(args.out, "pack");
    assert_string_equal(args.operand, "pack");
    args_clear(&args);
    assert_true(READ("--out", "x", "--json", "bulk", "--columns", "c.lua", "t.csv"));
    assert_string_equal(args_input(&args, "bulk.folder"), "x");
    args_clear(&args);
    REFUSED("import", "--out", "x", "y.xml");
}

static void a_pack_command_has_two_words(void **state) {
    static const struct {
        const char *word;
        enum command command;
    } commands[] = {
        {"list", COMMAND_PACK_LIST},
        {"check", COMMAND_PACK_CHECK},
        {"test", COMMAND_PACK_TEST},
        {"show", COMMAND_PACK_SHOW},
    };
    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        assert_true(READ("pack", "--json", commands[i].word, "packs/a"));
        assert_int_equal(args.command, commands[i].command);
        assert_string_equal(args.operand, "packs/a");
        args_clear(&args);
        REFUSED("pack", commands[i].word);
        REFUSED("pack", commands[i].word, "a", "b");
        REFUSED(commands[i].word, "pack", "a");
        REFUSED("pack", commands[i].word, "a", "--key", "k.pem");
    }
    assert_true(READ("pack", "--help"));
    assert_int_equal(args.command, COMMAND_PACK);
    args_clear(&args);
    REFUSED("pack");
    REFUSED("pack", "tset", "a");
    assert_string_equal(wrong.word, "tset");
}

static void what_makes_or_signs_needs_its_options(void **state) {
    (void)state;
    assert_true(READ("pack", "new", "h.csv", "--out", "o", "--id", "a", "--vendor", "v", "--host",
                     "見本レセコン"));
    assert_string_equal(args_input(&args, "pack.host"), "見本レセコン");
    args_clear(&args);
    assert_true(READ("pack", "sign", "a", "--key", "k.pem", "--secret-fd", "0"));
    assert_string_equal(args_input(&args, "pack.key"), "k.pem");
    args_clear(&args);
    REFUSED("pack", "new", "h.csv");
    REFUSED("pack", "new", "--out", "o");
    REFUSED("pack", "sign", "a");
    REFUSED("pack", "annotations", "--out", "o");
    REFUSED("pack", "test", "a", "--secret-fd", "0");
}

static void what_is_kept_has_commands_of_two_words(void **state) {
    static const struct {
        const char *group, *word;
        enum command command, alone;
        bool operand; /* it takes one, and cannot do without but for deliver and ask */
    } commands[] = {
        {"outbox", "list", COMMAND_OUTBOX_LIST, COMMAND_OUTBOX_LIST, false},
        {"outbox", "deliver", COMMAND_OUTBOX_DELIVER, COMMAND_OUTBOX_LIST, true},
        {"outbox", "ask", COMMAND_OUTBOX_ASK, COMMAND_OUTBOX_LIST, true},
        {"outbox", "drop", COMMAND_OUTBOX_DROP, COMMAND_OUTBOX_LIST, true},
        {"history", "list", COMMAND_HISTORY_LIST, COMMAND_HISTORY_LIST, false},
        {"history", "verify", COMMAND_HISTORY_VERIFY, COMMAND_HISTORY_LIST, false},
        {"history", "export", COMMAND_HISTORY_EXPORT, COMMAND_HISTORY_LIST, true},
        {"store", "show", COMMAND_STORE_SHOW, COMMAND_STORE_SHOW, false},
        {"store", "purge", COMMAND_STORE_PURGE, COMMAND_STORE_SHOW, false},
        {"store", "rotate", COMMAND_STORE_ROTATE, COMMAND_STORE_SHOW, false},
        {"store", "export-key", COMMAND_STORE_EXPORT_KEY, COMMAND_STORE_SHOW, true},
        {"store", "import-key", COMMAND_STORE_IMPORT_KEY, COMMAND_STORE_SHOW, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *group = commands[i].group, *word = commands[i].word;
        bool needed =
            commands[i].operand && strcmp(word, "deliver") != 0 && strcmp(word, "ask") != 0;
        assert_true(READ(group));
        assert_int_equal(args.command, commands[i].alone);
        args_clear(&args);
        if (commands[i].operand) {
            assert_true(READ(group, "--json", word, "list"));
            assert_int_equal(args.command, commands[i].command);
            assert_string_equal(args.operand, "list");
            args_clear(&args);
        }
        if (needed) {
            REFUSED(group, word);
        } else {
            assert_true(READ(group, word));
            assert_int_equal(args.command, commands[i].command);
            args_clear(&args);
        }
        if (!commands[i].operand) {
            REFUSED(group, word, "x");
        }
        REFUSED(group, word, "a", "b");
        REFUSED(group, "x");
        REFUSED(word, group);
        REFUSED(group, word, "--pin-fd", "0");
    }
}

static void entries_of_the_history_are_chosen(void **state) {
    (void)state;
    assert_true(READ("history", "--from", "2026-11-01", "--to", "2026-11-30", "--patient", "12",
                     "--limit", "5"));
    assert_string_equal(args_input(&args, "history.from"), "2026-11-01");
    assert_string_equal(args_input(&args, "history.to"), "2026-11-30");
    assert_string_equal(args_input(&args, "history.patient"), "12");
    assert_string_equal(args_input(&args, "history.limit"), "5");
    assert_null(args_input(&args, "import.from"));
    args_clear(&args);
    assert_true(READ("--from=2026-11-01", "history", "export", "h.csv"));
    assert_string_equal(args_input(&args, "history.from"), "2026-11-01");
    args_clear(&args);
    REFUSED("history", "verify", "--from", "2026-11-01");
    REFUSED("history", "export", "h.csv", "--limit", "5");
    REFUSED("history", "--from", "1", "--from", "2");
    REFUSED("outbox", "--to", "2026-11-30");
}

static void a_question_can_be_answered_beforehand(void **state) {
    static const char *const words[] = {"later", "skip", "new", "ask", "patient:12"};
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        assert_true(READ("check", "--match", words[i]));
        assert_string_equal(args.match, words[i]);
        args_clear(&args);
        assert_true(READ("outbox", "ask", "--match", words[i]));
        args_clear(&args);
        assert_true(READ("query", "--number", "1", "--match", words[i]));
        args_clear(&args);
        REFUSED("bulk", "--columns", "c.lua", "--out", "x", "t.csv", "--match", words[i]);
        REFUSED("outbox", "list", "--match", words[i]);
    }
    REFUSED("check", "--match", "patient:");
    REFUSED("check", "--match", "12");
    assert_string_equal(wrong.word, "");
    REFUSED("check", "--match", "new", "--match", "skip");
    /* One number for every card of the day would be the wrong one. */
    REFUSED("watch", "--match", "patient:12");
    assert_string_equal(wrong.word, "");
    REFUSED("import", "-", "--json", "--match", "ask");
    REFUSED("query", "-", "--json", "--match", "ask");
    assert_true(READ("import", "-", "--match", "ask"));
    args_clear(&args);
    assert_true(READ("import", "-", "--json", "--match", "later"));
    args_clear(&args);
}

static void only_dropping_goes_without_asking(void **state) {
    (void)state;
    assert_true(READ("outbox", "drop", "a-1", "--yes"));
    assert_true(args.yes);
    args_clear(&args);
    REFUSED("outbox", "deliver", "--yes");
    REFUSED("store", "purge", "--yes");
    REFUSED("check", "--yes");
}

static void a_descriptor_can_carry_the_passphrase(void **state) {
    (void)state;
    assert_true(READ("check", "--secret-fd", "3"));
    assert_int_equal(args.secret_fd, 3);
    assert_int_equal(args.pin_fd, -1);
    args_clear(&args);
    REFUSED("readers", "--secret-fd", "3");
    REFUSED("check", "--secret-fd", "word");
    assert_null(strstr(wrong.word, "word"));
}

static void help_needs_no_command(void **state) {
    (void)state;
    assert_true(READ("--help"));
    assert_true(args.help);
    args_clear(&args);
    assert_true(READ("check", "-h"));
    assert_true(args.help);
    for (int c = COMMAND_NONE; c <= COMMAND_LAST; c++) {
        assert_true(utf8_valid(usage_text((enum command)c, false)));
        assert_string_not_equal(usage_text((enum command)c, false),
                                usage_text((enum command)c, true));
    }
    args_clear(&args);
}

static void text_that_is_no_utf8_is_told(void **state) {
    (void)state;
    assert_true(utf8_valid("資格 ﾐﾎﾝ 𠮷"));
    assert_false(utf8_valid("\xC0\x80"));
    assert_false(utf8_valid("\xED\xA0\x80"));
    assert_false(utf8_valid("\xE8\xB3"));
    assert_false(utf8_valid("\xF4\x90\x80\x80"));
}

static void columns_are_those_of_a_terminal(void **state) {
    (void)state;
    assert_int_equal(utf8_width("abc"), 3);
    assert_int_equal(utf8_width("氏名"), 4);
    assert_int_equal(utf8_width("ﾐﾎﾝ"), 3);
    assert_int_equal(utf8_width("𠮷〓"), 4);
    assert_int_equal(utf8_width("葛\xF3\xA0\x84\x80"), 2);
}

static void characters_are_written_by_their_number(void **state) {
    static const struct {
        uint32_t code;
        const char *text;
    } known[] = {{0x41, "A"}, {0xE9, "é"},  {0x3013, "〓"}, {0x20BB7, "𠮷"},
                 {0, ""},     {0xD800, ""}, {0x110000, ""}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[5];
        utf8_write(known[i].code, text);
        assert_string_equal(text, known[i].text);
    }
}

static void assert_date(const char *date, const char *expected) {
    char words[96];
    date_japanese(date, words, sizeof words);
    assert_string_equal(words, expected);
}

static void dates_carry_their_era(void **state) {
    (void)state;
    assert_date("1954-01-05", "1954-01-05 (昭和29年1月5日)");
    assert_date("1989-01-07", "1989-01-07 (昭和64年1月7日)");
    assert_date("1989-01-08", "1989-01-08 (平成元年1月8日)");
    assert_date("2019-04-30", "2019-04-30 (平成31年4月30日)");
    assert_date("2019-05-01", "2019-05-01 (令和元年5月1日)");
    assert_date("1926-12-24", "1926-12-24 (大正15年12月24日)");
    assert_date("1926-12-25", "1926-12-25 (昭和元年12月25日)");
    assert_date("1912-07-29", "1912-07-29 (明治45年7月29日)");
    assert_date("1850-01-01", "1850-01-01");
    assert_date("1954-13-05", "1954-13-05");
    assert_date("見本", "見本");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_before_or_behind_the_command),
        cmocka_unit_test(a_quick_list_of_readers),
        cmocka_unit_test(values_come_as_a_word_or_behind_an_equals_sign),
        cmocka_unit_test(settings_keep_their_order),
        cmocka_unit_test(two_hyphens_end_the_options),
        cmocka_unit_test(the_help_names_the_routes_without_a_card),
        cmocka_unit_test(what_is_not_understood_is_refused),
        cmocka_unit_test(numbers_have_limits),
        cmocka_unit_test(a_pin_is_refused_and_never_repeated),
        cmocka_unit_test(an_import_takes_one_file),
        cmocka_unit_test(a_query_takes_the_data_of_a_card_or_the_standard_input),
        cmocka_unit_test(a_bulk_run_needs_its_table_columns_and_folder),
        cmocka_unit_test(a_person_takes_a_number_only_from_a_descriptor),
        cmocka_unit_test(mapping_takes_a_pack_or_a_script_and_any_number_of_files),
        cmocka_unit_test(documents_go_to_one_place),
        cmocka_unit_test(one_option_means_what_its_command_says),
        cmocka_unit_test(a_pack_command_has_two_words),
        cmocka_unit_test(what_makes_or_signs_needs_its_options),
        cmocka_unit_test(what_is_kept_has_commands_of_two_words),
        cmocka_unit_test(entries_of_the_history_are_chosen),
        cmocka_unit_test(a_question_can_be_answered_beforehand),
        cmocka_unit_test(only_dropping_goes_without_asking),
        cmocka_unit_test(a_descriptor_can_carry_the_passphrase),
        cmocka_unit_test(help_needs_no_command),
        cmocka_unit_test(text_that_is_no_utf8_is_told),
        cmocka_unit_test(columns_are_those_of_a_terminal),
        cmocka_unit_test(characters_are_written_by_their_number),
        cmocka_unit_test(dates_carry_their_era),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
