/* Whose folder it is where programs leave word for each other. It is found once in the life of a process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "run_folder.h"
#include "temp_folder.h"

/* In a process of its own: true when the folder is `expected`, null for none. */
static bool gives(const char *login, const char *expected) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int set = login != NULL ? setenv("XDG_RUNTIME_DIR", login, 1) : unsetenv("XDG_RUNTIME_DIR");
        const char *found = platform_run_folder(), *again = platform_run_folder();
        bool same =
            expected == NULL ? found == NULL : found != NULL && strcmp(found, expected) == 0;
        _exit(set == 0 && same && found == again ? 0 : 1);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void it_lies_in_the_folder_of_the_login(void **state) {
    (void)state;
    struct temp_folder f;
    assert_true(temp_folder_make(&f));
    char own[80];
    snprintf(own, sizeof own, "%s/shikaku", f.path);
    assert_true(gives(f.path, own));
    assert_int_equal(temp_mode(&f, "shikaku"), 0700);
    assert_true(gives(f.path, own)); /* it is there now */
    assert_int_equal(chmod(own, 0770), 0);
    assert_true(gives(f.path, NULL)); /* others can write to it */
    assert_int_equal(rmdir(own), 0);
    assert_int_equal(symlink("/tmp", own), 0);
    assert_true(gives(f.path, NULL));
    temp_folder_remove(&f);
}

static void without_a_login_it_is_the_user_s_own_in_tmp(void **state) {
    (void)state;
    struct temp_folder f;
    assert_true(temp_folder_make(&f));
    char own[80];
    snprintf(own, sizeof own, "/tmp/shikaku-%lu", (unsigned long)geteuid());
    assert_true(gives(NULL, own));
    assert_true(gives("", own));
    assert_true(gives("run", own));
    assert_int_equal(chmod(f.path, 0777), 0);
    assert_true(gives(f.path, own));
    assert_false(temp_exists(&f, "shikaku"));
    temp_folder_remove(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lies_in_the_folder_of_the_login),
        cmocka_unit_test(without_a_login_it_is_the_user_s_own_in_tmp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
