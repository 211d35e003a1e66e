/* From the last digit of the PIN to the delivered document, beside its parts measured alone:
 *     pin_to_document CONFIG OUT URL PKI SCRIPT FILE PIN ROUNDS
 * Whole and parts take turns. One line for each number: round name microseconds. OUT is the folder of the
 * delivery: it is emptied between the rounds, so that each writes the first row of its day. */
#include <stdio.h>
#include <stdlib.h>

#include "pin_parts.h"
#include "pin_whole.h"
#include "platform.h"

struct emptying {
    const char *folder;
};

static bool remove_one(void *who, const struct file_entry *entry) {
    const struct emptying *e = who;
    char path[1024];
    text_format(path, sizeof path, "%s/%s", e->folder, entry->name);
    return platform_files.remove(NULL, path, NULL) == SHK_OK;
}

static void empty(const char *folder) {
    struct emptying e = {folder};
    (void)platform_files.list(NULL, folder, remove_one, &e, NULL);
}

static bool round_of(char **argv, long round) {
    const struct parts_job job = {
        .url = argv[3], .pki = argv[4], .script = argv[5], .file = argv[6], .pin = argv[7]};
    double whole = 0, us[PARTS] = {0};
    empty(argv[2]);
    if (!pin_whole(argv[1], argv[7], &whole) || !pin_parts(&job, us)) {
        return false;
    }
    printf("%ld whole %.1f\n", round, whole);
    for (int i = 0; i < PARTS; i++) {
        printf("%ld %s %.1f\n", round, part_names[i], us[i]);
    }
    return true;
}

int main(int argc, char **argv) {
    if (argc != 9) {
        fprintf(stderr, "pin_to_document CONFIG OUT URL PKI SCRIPT FILE PIN ROUNDS\n");
        return 2;
    }
    long rounds = strtol(argv[8], NULL, 10);
    bool good = true;
    for (long i = 1; good && i <= rounds; i++) {
        good = round_of(argv, i);
    }
    return good ? 0 : 1;
}
