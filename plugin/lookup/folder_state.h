/* What the folder route remembers: the day's highest number and the requests still unanswered. No value
 * of a person is in it: questions are told apart by a salted hash. */
#ifndef LOOKUP_FOLDER_STATE_H
#define LOOKUP_FOLDER_STATE_H

#include "folder_name.h"
#include "lookup.h"

#define FOLDER_HASH_MAX 65 /* SHA-256 in hex */
#define FOLDER_OPEN_MAX 2048
#define FOLDER_SALT     16

enum folder_kind { FOLDER_ASK, FOLDER_BULK, FOLDER_FETCH, FOLDER_REGISTER, FOLDER_KINDS };

struct folder_entry {
    enum folder_kind kind;
    bool sent;                             /* false: written down, and perhaps never put into req */
    char id[FOLDER_ID_MAX];                /* of its file names */
    int64_t made_s;                        /* when */
    char question[FOLDER_HASH_MAX];        /* what was asked */
    char file_identifier[FOLDER_HASH_MAX]; /* what its answer echoes; "" for none */
    char reception[RECEPTION_NUMBER_MAX];  /* "" until it is known */
};

struct folder_state {
    uint8_t salt[FOLDER_SALT];
    bool salted;
    char day[9];
    int32_t number; /* the highest one of that day */
    struct folder_entry *entry;
    size_t n, cap;
};

void folder_state_clear(struct folder_state *s);
/* What is not understood is passed over: an older or torn file must not stop the desk. SHK_E_MEMORY. */
int32_t folder_state_read(struct folder_state *s, const char *text, size_t n);
int32_t folder_state_write(const struct folder_state *s, struct bytes *out);

/* Borrowed until the next change; null: there is none. */
struct folder_entry *folder_state_find(const struct folder_state *s, enum folder_kind kind,
                                       const char *question);
/* The oldest one goes when there are too many. */
int32_t folder_state_add(struct folder_state *s, const struct folder_entry *entry);
void folder_state_drop(struct folder_state *s, enum folder_kind kind, const char *question);
/* Forgets what nobody will ask for any more. */
void folder_state_prune(struct folder_state *s, int64_t now_s);

#endif
