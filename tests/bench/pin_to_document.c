/* From the last digit of the PIN to the delivered document, beside its parts measured alone:
 *     pin_to_document CONFIG OUT DATA URL PKI SCRIPT FILE STORE PIN ROUNDS
 * Whole and parts take turns. One line for each number: round name microseconds. OUT is the folder of the
 * delivery and DATA the store of CONFIG: they are emptied between the rounds, so that each round delivers for the
 * first time. STORE is a folder for the part that is the store alone. "-" in place of DATA and STORE: none. */
#include <stdio.h>
#include <stdlib.h>

#include "pin_keep.h"
#include "pin_parts.h"
#include "pin_whole.h"

enum argument { CONFIG = 1, OUT, DATA, URL, PKI, SCRIPT, FILE_NAME, STORE, PIN, ROUNDS, ARGUMENTS };

static const char *folder_or_none(const char *given) {
    return given[0] != '-' ? given : NULL;
}

static bool round_of(char **argv, long round) {
    const struct parts_job job = {.url = argv[URL],
                                  .pki = argv[PKI],
                                  .script = argv[SCRIPT],
                                  .file = argv[FILE_NAME],
                                  .store = folder_or_none(argv[STORE]),
                                  .pin = argv[PIN]};
    double whole = 0, us[PARTS] = {0};
    pin_empty(argv[OUT]);
    if (folder_or_none(argv[DATA]) != NULL) {
        pin_empty(argv[DATA]);
    }
    if (!pin_whole(argv[CONFIG], argv[PIN], &whole) || !pin_parts(&job, us)) {
        return false;
    }
    printf("%ld whole %.1f\n", round, whole);
    for (int i = 0; i < PARTS; i++) {
        printf("%ld %s %.1f\n", round, part_names[i], us[i]);
    }
    return true;
}

int main(int argc, char **argv) {
    if (argc != ARGUMENTS) {
        fprintf(stderr, "pin_to_document CONFIG OUT DATA URL PKI SCRIPT FILE STORE PIN ROUNDS\n");
        return 2;
    }
    long rounds = strtol(argv[ROUNDS], NULL, 10);
    bool good = true;
    for (long i = 1; good && i <= rounds; i++) {
        good = round_of(argv, i);
    }
    return good ? 0 : 1;
}
