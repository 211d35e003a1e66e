/* A pack as a job for the engine. */
#ifndef MAPPING_PACK_JOB_H
#define MAPPING_PACK_JOB_H

#include "pack.h"

/* Without an overlay. Borrows from the pack and the world. */
struct mapping_job pack_job_for(const struct pack *pack, const struct pack_world *world);

#endif
