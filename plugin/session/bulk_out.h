/* Both output files: appended to, and cut back to where the state says they were good. */
#ifndef SESSION_BULK_OUT_H
#define SESSION_BULK_OUT_H

#include "bulk_batch.h"

#define BULK_PATH_MAX 1100

struct bulk_out_file {
    char path[BULK_PATH_MAX];
    const char *name;
    uint64_t at; /* where the next byte goes */
    struct bytes waiting;
};

struct bulk_out {
    const struct env *env;
    struct bulk_out_file results, differences;
};

/* "folder/name". SHK_E_INPUT when it is too long. */
int32_t bulk_path(const char *folder, const char *name, char out[BULK_PATH_MAX], struct fault *why);

int32_t bulk_out_init(struct bulk_out *out, const struct env *env, const char *folder,
                      struct fault *why);
/* SHK_E_RESUME when one of them lies there already. */
int32_t bulk_out_absent(struct bulk_out *out, struct fault *why);
/* Cuts both to what the state knows; the first time they begin with their heading. SHK_E_RESUME when one
 * is shorter than it was. */
int32_t bulk_out_rewind(struct bulk_out *out, struct bulk_state *state, struct fault *why);
/* True when nothing was written or waits beyond what the state knows. */
bool bulk_out_is_at(const struct bulk_out *out, const struct bulk_state *state);
/* Ends the row's lines and takes them. */
int32_t bulk_out_add(struct bulk_out *out, struct bulk_batch *batch, struct bulk_row *row,
                     struct fault *why);
int32_t bulk_out_flush(struct bulk_out *out, struct fault *why);
void bulk_out_clear(struct bulk_out *out);

#endif
