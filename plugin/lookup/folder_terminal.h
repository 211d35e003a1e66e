/* Inside the folder route: one message out, one result back. */
#ifndef LOOKUP_FOLDER_TERMINAL_H
#define LOOKUP_FOLDER_TERMINAL_H

#include "folder_state.h"
#include "oqs_message.h"

#define FOLDER_RESULT_MOST ((size_t)4 * 1024 * 1024)
#define FOLDER_BULK_MOST   ((uint64_t)1024 * 1024 * 1024)
#define FOLDER_PATH_ROOM   1200

struct terminal {
    const struct env *env;
    struct log *log;
    struct folder_settings set; /* its texts are the three below */
    char *req, *res, *file;
    struct folder_state memory;    /* when there is no file */
    char answer[FOLDER_PATH_ROOM]; /* the file of the last answer, until it is settled */
};

/* One call of the route: until when, and who may end it. */
struct turn {
    const struct watch *watch;
    int64_t end_ms;
};
int64_t terminal_now(const struct terminal *t);
struct turn terminal_turn(const struct terminal *t, const struct watch *watch);
bool turn_stopped(const struct turn *turn);
/* A fault of the files as the terminal's; what the desk can act on stays what it is. */
int32_t terminal_fault(struct fault *why, const struct fault *inner, const char *where);
/* "folder/name"; false when it does not fit. */
bool terminal_path(char out[FOLDER_PATH_ROOM], const char *folder, const char *name);

/* The whole of a file that others may write, move or delete meanwhile. SHK_E_ABSENT;
 * SHK_E_ANSWER_TOO_LARGE. */
int32_t terminal_read(const struct env *env, const char *path, size_t most, struct bytes *out,
                      struct fault *why);

/* The remembered requests, held against other programs from open to close. */
struct ledger {
    struct terminal *t;
    struct folder_state *state, loaded;
    void *lock;
};
int32_t ledger_open(struct terminal *t, const struct turn *turn, struct ledger *l,
                    struct fault *why);
int32_t ledger_save(struct ledger *l, struct fault *why);
void ledger_close(struct ledger *l);
/* Writes one entry anew, or forgets it when no other request took its place. A failure is only logged: the answer is there already. */
void ledger_note(struct terminal *t, const struct folder_entry *entry, bool keep);
/* Salted; "" gives "". */
int32_t folder_hash(const struct folder_state *s, const char *text, size_t n,
                    char out[FOLDER_HASH_MAX]);

/* A message to be sent. */
struct posting {
    enum folder_kind kind;
    const char *message;         /* "siquc01" */
    const char *question;        /* what makes it the same one: hashed, never kept */
    const char *file_identifier; /* "" for none */
    int32_t (*write)(const void *self, enum oqs_encoding encoding, struct bytes *out,
                     struct fault *why);
    const void *self;
};

/* A message that was sent, now or earlier. */
struct posted {
    struct folder_entry entry;
    const char *message;
    uint8_t salt[FOLDER_SALT];
    bool resumed;
};
/* Sends it unless an equal one is still unanswered and not overdue. SHK_E_TERMINAL_FOLDER with "req", "res" or "state"
 * in `where`. */
int32_t folder_post(struct terminal *t, const struct posting *what, const struct turn *turn,
                    struct posted *out, struct fault *why);
/* "OQSsiquc01res_202611220001.xml"; middle "req" or "res", ending with its dot. */
void posted_name(const struct posted *p, const char *middle, const char *ending,
                 char out[FOLDER_NAME_MAX]);
/* Whether its request still lies in req. */
bool posted_lies_there(const struct terminal *t, const struct posted *p);

#endif
