/* A new pack from what the host shows of itself, written into a folder. */
#ifndef SESSION_PACK_MADE_H
#define SESSION_PACK_MADE_H

#include "pack.h"
#include "pack_new.h"
#include "session.h"

/* From the inputs pack.sample, .sample_name, .id, .vendor and .host into the folder pack.out, which is made when
 * it is not there. Nothing is replaced: SHK_E_FILE_EXISTS with the file's name before anything is written.
 * SHK_E_PACK_SOURCE, SHK_E_INPUT, SHK_E_FOLDER_…, SHK_E_MEMORY. *out is owned by the caller, also after a
 * fault; null: nothing was made. */
int32_t pack_made_write(struct session *s, const struct pack_world *world,
                        struct pack_new_result **out, struct fault *why);

#endif
