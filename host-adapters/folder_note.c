#include "folder_note.h"

#include <string.h>

#include "folder_text.h"

#define KIND   "staged/1"
#define FIELDS 5 /* numbers */

void folder_note_write(const struct folder_note *note, char out[FOLDER_NOTE_MAX]) {
    const int64_t numbers[FIELDS] = {note->attempt, note->number, note->written, note->time_s,
                                     note->ends};
    struct line line = {out, FOLDER_NOTE_MAX, 0};
    line_text(&line, KIND);
    for (size_t i = 0; i < FIELDS; i++) {
        line_text(&line, " ");
        line_number(&line, numbers[i], 1);
    }
    line_text(&line, " ");
    line_text(&line, note->mark[0] != '\0' ? note->mark : "-");
}

/* " 123": moves on behind it; null when there is none. */
static const char *read_number(const char *p, int64_t most, int64_t *out) {
    int64_t value = 0;
    size_t n = 0;
    if (p == NULL || *p != ' ') {
        return NULL;
    }
    for (p++; n < 12 && p[n] >= '0' && p[n] <= '9'; n++) {
        value = value * 10 + (p[n] - '0');
    }
    *out = value;
    return n > 0 && value <= most ? p + n : NULL;
}

int folder_note_read(struct folder_note *out, const char *text) {
    int64_t number[FIELDS] = {0};
    static const int64_t most[FIELDS] = {INT32_MAX, 999, 999, INT64_C(99999999999), 1};
    memset(out, 0, sizeof *out);
    const char *p = strncmp(text, KIND, sizeof KIND - 1) == 0 ? text + sizeof KIND - 1 : NULL;
    for (size_t i = 0; i < FIELDS; i++) {
        p = read_number(p, most[i], &number[i]);
    }
    if (p == NULL || p[0] != ' ' || number[1] < 1) {
        return 0;
    }
    *out = (struct folder_note){.attempt = (int32_t)number[0],
                                .number = (int32_t)number[1],
                                .written = (int32_t)number[2],
                                .time_s = number[3],
                                .ends = (int)number[4]};
    p++;
    if (strcmp(p, "-") == 0) {
        return 1;
    }
    if (strlen(p) != FOLDER_MARK_LEN || strspn(p, "0123456789abcdef") != FOLDER_MARK_LEN) {
        return 0;
    }
    memcpy(out->mark, p, FOLDER_MARK_LEN + 1);
    return 1;
}
