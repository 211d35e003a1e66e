/* What must never be asked of a card makes it abort. */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test_support.h"

static int dies(const char *extra, const char *const *commands) {
    char marker[600], line[64] = "";
    int status = 0;
    FILE *f;
    pid_t pid;

    (void)snprintf(marker, sizeof marker, "%s.forbidden", scratch);
    (void)unlink(marker);
    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct vcard *c = card_with(extra);

        (void)signal(SIGABRT, SIG_DFL); /* cmocka's own handler would swallow it */
        (void)vcard_set_forbidden_marker(c, marker);
        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(9);
        }
        for (; *commands != NULL; commands++) {
            (void)tx(c, *commands);
        }
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if ((f = fopen(marker, "r")) != NULL) {
        assert_non_null(fgets(line, sizeof line, f));
        fclose(f);
        (void)unlink(marker);
    }
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
           strncmp(line, "FORBIDDEN ", 10) == 0;
}

static int last_dies(const char *extra, const char *application, const char *command) {
    const char *const commands[] = {application, command, NULL};

    return dies(extra, commands);
}

static void individual_number_is_out_of_reach(void **state) {
    static const char *const text[] = {"00A4020C020001", "00A4020C020014",
                                       "00B0810000",     "00B0940000",
                                       "00200094",       "002000940C393939393939393939393939",
                                       "00B2010C00"};
    static const char *const mode[] = {"", "allow_signature = yes", "child = yes"};
    size_t i, k;

    (void)state;
    for (k = 0; k < 3; k++) {
        for (i = 0; i < sizeof text / sizeof text[0]; i++) {
            assert_true(last_dies(mode[k], SELECT_TEXT, text[i]));
        }
        assert_true(last_dies(mode[k], SELECT_JPKI, "00A4040C0AD3921000310001010402"));
        assert_true(last_dies(mode[k], SELECT_JPKI, "00A4040C0AD3921000310001010401"));
    }
    assert_true(
        last_dies("accept_aid_prefix = yes", SELECT_JPKI, "00A4040C0AD3921000310001010402"));
    assert_true(last_dies("android = yes", SELECT_JPKI, "00A4040C0AD3921000310001010402"));
}

static void odd_answers_do_not_open_what_is_forbidden(void **state) {
    (void)state;
    assert_true(last_dies("answer_at = 2:6A82", SELECT_TEXT, "00A4020C020001"));
    assert_true(last_dies("answer_to = 20:6A86*", SELECT_TEXT, "00200094"));
    assert_true(last_dies("hang_at_apdu = 2", SELECT_TEXT, "00B0810000"));
    assert_true(last_dies("extended_drops = yes", SELECT_TEXT, "00B08100000000"));
    assert_true(last_dies("no_short_ids = yes", SELECT_TEXT, "00B0810000"));
    assert_true(last_dies("no_short_sign = yes", SELECT_JPKI, "802A009A0361626300"));
}

static void signing_objects_are_out_of_reach_unless_allowed(void **state) {
    static const char *const jpki[] = {"00A4020C020001",    "00A4020C02001A", "00A4020C02001B",
                                       "00B0810000",        "0020009B",       "00200098",
                                       "802A009A0361626300"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof jpki / sizeof jpki[0]; i++) {
        int banned = strcmp(jpki[i], "00200098") != 0;

        assert_int_equal(last_dies("", SELECT_JPKI, jpki[i]), banned);
        assert_false(last_dies("allow_signature = yes", SELECT_JPKI, jpki[i]));
    }
    assert_true(last_dies("child = yes", SELECT_JPKI, "00B0810000"));
}

static void allowed_signing_key_signs(void **state) {
    struct vcard *c = card_with("allow_signature = yes");

    (void)state;
    assert_int_equal(tx(c, SELECT_JPKI), 0x9000);
    assert_int_equal(tx(c, "00B0810000"), 0x6982);
    assert_int_equal(tx(c, "0020009B"), 0x63C5);
    assert_int_equal(tx(c, "0020009B0953414D504C45313233"), 0x9000);
    assert_int_equal(tx(c, "00B0810000"), 0x9000);
    assert_int_equal(tx(c, "802A009A0361626300"), 0x9000);
    assert_int_equal(tx(c, "802A00970361626300"), 0x6982);
    vcard_free(c);
}

int test_guard(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(individual_number_is_out_of_reach),
        cmocka_unit_test(odd_answers_do_not_open_what_is_forbidden),
        cmocka_unit_test(signing_objects_are_out_of_reach_unless_allowed),
        cmocka_unit_test(allowed_signing_key_signs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
