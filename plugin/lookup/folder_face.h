/* Looking for face files: what was seen, what is being read, what is ready to be given. */
#ifndef LOOKUP_FOLDER_FACE_H
#define LOOKUP_FOLDER_FACE_H

#include "folder_name.h"
#include "folder_seen.h"
#include "lookup.h"

#define FACE_FILES_MAX 64
#define FACE_NAME_MAX  256
#define FACE_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct face_file {
    char name[FACE_NAME_MAX];
    struct bytes body; /* of the first of the equal readings */
    uint64_t size;
    int64_t modified_s, since_ms;
    /* ready: whole, to be given; read: body is the file's; known: given before, word for word. */
    bool listed, ready, read, known;
};

struct folder_face {
    const struct env *env;
    struct log *log;
    const char *folder;
    int32_t stable_ms;
    struct folder_seen seen;
    struct face_file file[FACE_FILES_MAX];
    size_t files_n, bytes;
};

/* Marks all that lies there as given. SHK_E_TERMINAL_FOLDER. */
int32_t face_skip(struct folder_face *f, struct fault *why);
/* One look: reads what is new at once, and again when it has rested. SHK_E_TERMINAL_FOLDER with "face". */
int32_t face_look(struct folder_face *f, struct fault *why);
/* The oldest one that is whole; moved out. False: none. */
bool face_take(struct folder_face *f, struct face_file *out);
/* When the next look is due at the latest, at most `most` ms from now. */
int32_t face_pause_ms(const struct folder_face *f, int32_t most);
void face_clear(struct folder_face *f);

#endif
