/* What a delivery into a folder notes before the step that cannot be taken back. */
#ifndef HOST_ADAPTERS_FOLDER_NOTE_H
#define HOST_ADAPTERS_FOLDER_NOTE_H

#include <stdint.h>

#define FOLDER_MARK_LEN 16
#define FOLDER_NOTE_MAX 128 /* bytes with the terminator */

/* Names are made again from these, so that no name stands in the note: it might tell a patient. */
struct folder_note {
    int32_t attempt;                /* the one that staged; its number is part of the staged name */
    int32_t number;                 /* of the final name among those that were taken, from 1 */
    int32_t written;                /* the same for the name by write_as; 0: hidden */
    int64_t time_s;                 /* when the first attempt was made, since 1970 UTC */
    char mark[FOLDER_MARK_LEN + 1]; /* of the folder; "" none */
    int ends;                       /* 1: a trigger file was staged too */
};

void folder_note_write(const struct folder_note *note, char out[FOLDER_NOTE_MAX]);
/* 1, or 0 when the text is no such note. */
int folder_note_read(struct folder_note *out, const char *text);

#endif
