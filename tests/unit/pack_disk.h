/* A pack of tests/data/packs on the disk, where a test can spoil, mend and sign it. */
#ifndef UNIT_PACK_DISK_H
#define UNIT_PACK_DISK_H

#include "bytes.h"
#include "temp_folder.h"

struct pack_disk {
    struct temp_folder folder; /* the folder of packs */
    char pack[96];             /* "…/mihon-csv" in it */
};

bool pack_disk_make(struct pack_disk *d);
void pack_disk_remove(struct pack_disk *d); /* with all that is in it */
/* A path in the pack; valid until the fourth call after it in this thread. */
const char *pack_disk_path(const struct pack_disk *d, const char *name);
void pack_disk_read(const struct pack_disk *d, const char *name, struct bytes *out);
void pack_disk_write(const struct pack_disk *d, const char *name, const struct bytes *content);
void pack_disk_set(const struct pack_disk *d, const char *name, const char *content);
void pack_disk_drop(const struct pack_disk *d, const char *name);
/* Replaces one text of a file, which must be there, by another. */
void pack_disk_change(const struct pack_disk *d, const char *name, const char *from,
                      const char *to);

#endif
