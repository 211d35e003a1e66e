/* What the host reads of packs, by the paths "pack.…" and "packs[n].…". */
#ifndef SESSION_PACK_VALUES_H
#define SESSION_PACK_VALUES_H

#include "pack_list.h"
#include "pack_new.h"
#include "pack_rows.h"
#include "pack_samples.h"

struct reading;

struct pack_values {
    struct pack *pack;           /* null: none was looked at */
    bool is_verified, is_signed; /* is_signed means something once it is verified */
    struct pack_samples samples; /* those that were run */
    struct pack_rows rows;
    struct pack_texts labels, labels_en; /* of pack->uses; of a group those of its fields */
    struct pack_list list;
    struct pack_new_result *made; /* null: no new pack was made */
};

/* Names what the script may see. SHK_E_MEMORY. */
int32_t pack_values_label(struct pack_values *v);
void pack_values_clear(struct pack_values *v);

/* Under the session's lock; the path without "pack.". SHK_E_PATH, SHK_E_ABSENT. */
int32_t pack_values_read(const struct pack_values *v, const char *path, size_t n,
                         struct reading *out);
int32_t pack_values_count(const struct pack_values *v, const char *path, size_t n, int32_t *out);
/* "packs[n].rest" */
int32_t pack_values_read_list(const struct pack_values *v, size_t index, const char *path, size_t n,
                              struct reading *out);

#endif
