/* All files of a pack, read once: what is hashed, tested and run is the same bytes. */
#ifndef MAPPING_PACK_FOLDER_H
#define MAPPING_PACK_FOLDER_H

#include "env.h"

#define PACK_MANIFEST       "manifest.txt"
#define PACK_SIGNATURE      "manifest.sig"
#define PACK_SAMPLES_FOLDER "samples/"
#define PACK_NAME_MAX       128 /* bytes of a folder's name in a `where`, terminated */

struct pack_file {
    char *path; /* in the folder, with "/"; UTF-8 */
    struct bytes content;
    uint8_t sha256[32];
};

struct pack_folder {
    char name[PACK_NAME_MAX]; /* the last part of its path, for `where` */
    struct pack_file *at;     /* sorted by the bytes of their paths */
    size_t n;
    uint8_t mark[32]; /* a hash of all names and contents */
};

/* Reads every plain file below the folder; a link is not followed and so not there. SHK_E_PACK with the file's
 * name when it cannot be read, has a name that no manifest can hold, is larger than 4 MiB, lies deeper than four
 * folders, or when there are more than 1,000 files or 32 MiB; SHK_E_MEMORY. */
int32_t pack_folder_read(const struct env *env, const char *path, struct pack_folder *out,
                         struct fault *why);
void pack_folder_clear(
    struct pack_folder *folder); /* wipes: a sample may have come from a real person */
/* Null: no such file. */
const struct pack_file *pack_folder_find(const struct pack_folder *folder, const char *path);
/* The last part of a path: "packs/generic-csv/" is called generic-csv. */
void pack_folder_name(const char *path, char out[PACK_NAME_MAX]);
/* "folder/name" on the heap; null when out of memory. */
char *pack_join(const char *folder, const char *name);

#endif
