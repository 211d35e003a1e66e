#include "pg_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define MOST 16

void pg_server_enter(char **argv) {
    char script[] = SOURCE_ROOT "/tests/postgres/with-postgres.sh", end[] = "--";
    char *args[MOST] = {script, end};
    if (getenv("SHIKAKU_PG_CONNECTION") != NULL) {
        return;
    }
    for (size_t i = 0; argv[i] != NULL && i + 3 < MOST; i++) {
        args[i + 2] = argv[i];
    }
    execv(script, args);
    perror(script);
    _exit(1);
}

const char *pg_server_connection(void) {
    return getenv("SHIKAKU_PG_CONNECTION");
}

const char *pg_server_local(void) {
    return getenv("SHIKAKU_PG_LOCAL");
}

static bool disturbed;

void pg_server_do(const char *what) {
    disturbed = true;
    const char *ctl = getenv("SHIKAKU_PG_CTL");
    int status = 0;
    assert_non_null(ctl);
    pid_t child = fork();
    if (child == 0 && ctl != NULL) {
        execl(ctl, ctl, what, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

void pg_server_restore(void) {
    if (disturbed) {
        pg_server_do("start");
        disturbed = false;
    }
}
