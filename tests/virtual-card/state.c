/* Retry counters outlive the process, as they outlive power on the plastic. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

static const char *const names[PIN_COUNT] = {"pin", "sign", "text", "code_b", "spare"};

/* "name N", N one or two digits. */
static int take_line(struct vcard *card, const char *line) {
    size_t i, n;

    for (i = 0; i < PIN_COUNT; i++) {
        int32_t v = 0;

        n = strlen(names[i]);
        if (strncmp(line, names[i], n) != 0 || line[n] != ' ') {
            continue;
        }
        line += n + 1;
        for (n = 0; line[n] >= '0' && line[n] <= '9' && n < 2; n++) {
            v = v * 10 + (line[n] - '0');
        }
        if (n == 0 || line[n] != '\n' || v > card->pin[i].max) {
            return -1;
        }
        card->pin[i].tries = v;
        return 0;
    }
    return -1;
}

int state_load(struct vcard *card) {
    char line[32];
    FILE *f;
    int rc = 0;

    if (card->profile.state[0] == '\0') {
        return 0;
    }
    if ((f = fopen(card->profile.state, "r")) == NULL) {
        return errno == ENOENT ? 0 : -1;
    }
    while (rc == 0 && fgets(line, sizeof line, f) != NULL) {
        rc = take_line(card, line);
    }
    if (ferror(f)) {
        rc = -1;
    }
    (void)fclose(f);
    return rc;
}

int state_save(const struct vcard *card) {
    char text[128];
    size_t len = 0, i;

    if (card->profile.state[0] == '\0') {
        return 0;
    }
    for (i = 0; i < PIN_COUNT; i++) {
        int n =
            snprintf(text + len, sizeof text - len, "%s %d\n", names[i], (int)card->pin[i].tries);

        if (n < 0 || (size_t)n >= sizeof text - len) {
            return -1;
        }
        len += (size_t)n;
    }
    return host_replace_file(card->profile.state, text, len);
}
