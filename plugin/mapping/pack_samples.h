/* A pack's samples are its tests: an answer, and the bytes that the script must make of it. */
#ifndef MAPPING_PACK_SAMPLES_H
#define MAPPING_PACK_SAMPLES_H

#include "pack.h"
#include "pack_difference.h"

struct pack_sample {
    char *name; /* of its file, without the ending */
    /* All zero: it passed. SHK_E_PACK_SAMPLE when the result is another one or a file is missing or too many;
     * else why there is no result. `where` names a file and what is the matter, or a line; never content. */
    struct fault fault;
    struct pack_difference difference; /* line 0: none */
};

struct pack_samples {
    struct pack_sample *at; /* sorted by name */
    size_t n;
};

/* Runs the samples with what the pack lets its script see; !all: up to the first that fails. SHK_E_PACK_SAMPLE with
 * "id name: …" for the first that fails, and when there is none at all ("id samples"); SHK_E_CANCELLED when the
 * world says stop; SHK_E_MEMORY. `out` has what was run also then. */
int32_t pack_samples_run(const struct pack *pack, const struct pack_world *world, bool all,
                         struct pack_samples *out, struct fault *why);
void pack_samples_clear(struct pack_samples *samples);

#endif
