/* One delivery on its way into a folder, and the handle that it goes through. */
#ifndef HOST_ADAPTERS_FOLDER_WORK_H
#define HOST_ADAPTERS_FOLDER_WORK_H

#include "folder_note.h"
#include "folder_settings.h"

#define REMEMBERED  8
#define NAME_ROOM   256 /* of one component, with the terminator */
#define NUMBER_LAST 99  /* names that are tried for one document */

/* What became of a delivery in this handle, for when nothing is kept between two attempts. */
struct past {
    char id[64];
    int noted, published, delivered;
    char note[FOLDER_NOTE_MAX];
    char place[sizeof((shk_receipt *)0)->place];
};

struct shk_host {
    const shk_services *sv;
    struct folder_settings set;
    struct past past[REMEMBERED];
    uint32_t past_next;
};

struct path {
    char p[sizeof((shk_receipt *)0)->place];
};

struct work {
    shk_host *h;
    const shk_delivery *d;
    const char *code; /* of the institution, when the terminal's pattern names the file */
    int rows;         /* into a file that grows */
    int kept;         /* notes outlive this call */
    int noted;        /* the note is accepted: its staged file may only be renamed from now on */
    int doubtful;     /* a note may have been accepted although the call failed */
    int staged;       /* a staged file of ours lay there when we last looked */
    int published;
    struct folder_note note;
    char base[NAME_ROOM]; /* the name before it is made free by a number */
    char name[NAME_ROOM]; /* the final one */
    struct path place;    /* of the final name */
};

/* The file so far, or nothing: a host may empty the file that it has taken in. */
struct present {
    uint8_t *p;
    uint32_t n;
    int there;
};

/* folder_work.c */
int32_t work_fail(const shk_host *h, int32_t code, const char *where);
int32_t present_read(const shk_host *h, const char *place, struct present *now);
void present_clear(const shk_host *h, struct present *now);
/* 1 when the file holds exactly this. */
int present_is(const struct present *now, const uint8_t *p, uint32_t n);

/* folder_place.c */
/* The path of a name in the folder. */
void place_path(const shk_host *h, const char *name, struct path *out);
/* Fills in `base` once the note holds the first attempt's time. SHK_E_FILE_NAME. */
int32_t place_base(struct work *w);
/* Fills in the final name and its path for the note's number. SHK_E_FILE_NAME. */
int32_t place_final(struct work *w);
/* 0 when the pattern makes no usable name of it; "_2" and so on before the ending. */
int place_by_pattern(const char *pattern, const char *name, int32_t number, char out[NAME_ROOM]);
/* The staged names of attempt `attempt`; hidden. */
void place_hidden(const struct work *w, int32_t attempt, const char *ending, char out[NAME_ROOM]);
/* The staged name that the note says. SHK_E_FILE_NAME. */
int32_t place_staged(const struct work *w, char out[NAME_ROOM]);

/* folder_mark.c: which folder it is. A share that is not mounted leaves an empty folder in which a staged
 * file is missing as well. */
int32_t mark_take(struct work *w);
/* *same: 1 when it is the folder that the note was made in. */
int32_t mark_compare(const struct work *w, int *same);

/* folder_stage.c */
/* Stages the bytes, or takes up what is staged already. Also gives SHK_E_FILE_EXISTS and SHK_E_ABSENT. */
int32_t stage_take(struct work *w, const uint8_t *p, uint32_t n, int replace, void **stage);
/* Gives a stage back; its file is removed only when no attempt can come back for it. */
void stage_drop(struct work *w, void *stage);
int32_t stage_note(struct work *w);
/* Gives the stage back as publish_file does. Also gives SHK_E_FILE_EXISTS and SHK_E_ABSENT. */
int32_t stage_publish(struct work *w, void *stage);
/* Clears what attempts before the first note left. */
int32_t stage_clear(const struct work *w);
/* The staged file is gone: 0 when that means that it was published. p: what it held; null when that tells
 * nothing. */
int32_t stage_gone(struct work *w, const uint8_t *p, uint32_t n);
/* Removes the staged files that nobody will come back for. One that is gone was published. */
void stage_abandon(struct work *w);

/* folder_end.c: the trigger file. */
/* *there: 1 when the trigger lies there, of those that every document has for itself (`own`) or of those
 * that documents share. A shared one says that the host is not done with what came before. */
int32_t end_look(const struct work *w, int own, int *there);
/* Waits until the shared one is gone. SHK_E_FOLDER_LOCKED. */
int32_t end_wait(const struct work *w, int64_t since_ms);
int32_t end_stage(struct work *w);
int32_t end_publish(struct work *w);

/* folder_gate.c: who may write now. */
struct gate {
    void *guard[2];
    struct path lock;
    int locked;
};
int32_t gate_enter(const struct work *w, struct gate *gate);
/* The first fault: rc, or that of taking our lock file away. */
int32_t gate_leave(const struct work *w, struct gate *gate, int32_t rc);
/* Waits a little; 0 when `since_ms` is too long ago or the work is to end. */
int gate_wait(const shk_host *h, int64_t since_ms);

/* folder_rows.c, folder_own.c: 0 when the document lies under its final name. */
int32_t rows_go(struct work *w);
int32_t own_go(struct work *w);

/* folder_deliver.c: what the adapters share. */
/* `bad`: the setting that is not usable, or null. */
int32_t folder_make(const shk_services *sv, const struct folder_settings *set, const char *bad,
                    shk_host **out);
void SHK_CALL folder_free(shk_host **h);
int folder_delivery_usable(const shk_delivery *d);
/* `rows` and `code` as in struct work. */
int32_t folder_run(shk_host *h, const shk_delivery *d, int rows, const char *code,
                   shk_receipt *receipt);

#endif
