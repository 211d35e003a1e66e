/* A store with a few deliveries in each state that they can be left in, made once by the product itself and laid down
 * anew for each input: its database in a folder, everything else in memory. */
#ifndef FUZZ_OUTBOX_WORLD_H
#define FUZZ_OUTBOX_WORLD_H

#include "clock_fake.h"
#include "files_fake.h"
#include "session.h"

/* Waiting without a document; with one; noted and staged; published, but told as failed; done. */
#define WORLD_ROWS 5

struct outbox_world {
    char folder[64];
    char id[WORLD_ROWS][40]; /* of the deliveries, in that order */
    struct bytes db;
    struct files_fake kept, files;
    struct clock_fake clock;
    uint64_t chance;
};

/* The one of this process, laid down anew. Ends the process when it cannot be made. */
struct outbox_world *world_new(void);
void world_end(struct outbox_world *w);
/* A session over it; null: out of memory. */
struct session *world_session(struct outbox_world *w);
/* Runs a job to its end and gives the code it came to. An input's path may be null. */
int32_t world_job(struct session *s, int32_t job, const char *path, const char *value);
/* Brings the answer of the nth person once more. */
int32_t world_import(struct session *s, unsigned n);
/* Documents of a delivery that lie in its folder. */
size_t world_documents(const struct outbox_world *w, const char *id);
const char *world_db(const struct outbox_world *w);

#endif
