/* The terminal's folders as an input says: at any call of the files another program may lay, tear, move or take a file,
 * the clock may move, a disk may fail. What the product does to files that are not its own is judged on the way. */
#ifndef FUZZ_FOLDER_WORLD_H
#define FUZZ_FOLDER_WORLD_H

#include "clock_fake.h"
#include "files_fake.h"
#include "fuzz.h"

#define WORLD_REQ         "/t/req"
#define WORLD_RES         "/t/res"
#define WORLD_FACE        "/t/face"
#define WORLD_STATE       "/s/state"
#define WORLD_INSTITUTION "9919999999"
#define WORLD_REQUESTS    64
#define WORLD_LAID        192

/* A request that the product put. */
struct world_request {
    char path[128], id[64]; /* id: between "_" and "." of its name */
    char message[16];       /* "siquc01" */
    char file_identifier[64];
    int person;    /* 0: none named */
    bool answered; /* something of its name was laid into res */
};

/* A file that another program laid. */
struct world_laid {
    char path[128];
    uint64_t version, content; /* content: its hash */
    int person;                /* whose answer it is; 0: raw bytes */
    bool gone, used;
};

struct folder_world {
    struct files_fake files;
    struct clock_fake clock;
    struct file_ops ops; /* those of the fake, with put watched */
    struct env env;
    struct fuzz_input events;
    uint32_t wait_calls, wait_pauses; /* until the next event */
    uint64_t calls;
    int64_t moved_ms; /* by events, not by waiting */
    bool stop;        /* whoever waits is to stop */
    bool unsteady;    /* a fault or a loss of what the product remembers was laid */
    bool touched;     /* a file's time was set */
    bool removes;     /* the product may remove results of its own */
    uint8_t random;
    uint32_t serial;
    struct world_request request[WORLD_REQUESTS];
    size_t requests;
    struct world_laid laid[WORLD_LAID];
    size_t laid_n;
};

/* The events begin when the first call is made. Only one world at a time: sleeping moves its clock. */
struct folder_world *folder_world_new(struct fuzz_input events);
/* Judges what is left of other programs' files; ends the process where something is missing. */
void folder_world_end(struct folder_world *w);
/* Begins to count the calls anew. */
void folder_world_begin(struct folder_world *w);
/* For struct watch. */
bool folder_world_stop(void *self);
/* folder_events.c: the next event. */
void folder_world_event(struct folder_world *w);
/* Lays a file as another program. */
void folder_world_lay(struct folder_world *w, const char *path, const void *p, size_t n,
                      int person);
/* Drops or moves away a file as another program. */
void folder_world_take_away(struct folder_world *w, const char *path);
/* folder_documents.c: an answer to the request as the byte says: whose, tied by what, how ended. */
void folder_world_answer(struct folder_world *w, struct world_request *r, uint16_t how);
/* Reads whom a request asks for. */
void folder_world_read(struct world_request *r, const char *document);

#endif
