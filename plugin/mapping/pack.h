/* Packs: a folder with pack.lua, a mapping script, samples and perhaps a signature (docs/packs.md). */
#ifndef MAPPING_PACK_H
#define MAPPING_PACK_H

#include "mapping.h"
#include "pack_folder.h"

#define PACK_LUA "pack.lua"

/* What packs are read and tried with. */
struct pack_world {
    const struct env *env;
    struct mapping_budget budget; /* of one run of a script */
    bool (*adapter_known)(const char *name);
    bool (*stop)(void *self); /* asked between two samples; may be null */
    void *stop_self;
};

/* The texts of pack.lua. */
enum pack_text {
    PACK_ID,
    PACK_VERSION,
    PACK_NAME,
    PACK_NAME_EN,
    PACK_VENDOR,
    PACK_HOST,
    PACK_FORMAT,
    PACK_ENCODING,
    PACK_ADAPTER,
    PACK_SCRIPT,
    PACK_NOTES,
    PACK_TEXTS
};

struct pack_texts {
    char **at;
    size_t n;
};

struct pack {
    struct pack_folder folder;
    char *text[PACK_TEXTS]; /* never null once read; "" is an optional one that is not there */
    int32_t line[PACK_TEXTS];
    int32_t contract;
    struct pack_texts uses; /* what the script may see: fields, groups and lists of the record */
    struct pack_texts host_versions;
};

/* Reads the folder and checks pack.lua, as far as it goes without running the script. SHK_E_PACK with
 * "folder/pack.lua:line key"; SHK_E_MEMORY. */
int32_t pack_read(const struct pack_world *world, const char *path, struct pack **out,
                  struct fault *why);
void pack_free(struct pack **pack); /* null is accepted */

/* Loads the script with what the pack lets it see. Its own faults with "id/script.lua:line …"; SHK_E_PACK when
 * it says another format, encoding or adapter than pack.lua. */
int32_t pack_check(const struct pack *pack, const struct pack_world *world, struct fault *why);

/* Wipes what the samples hold; pack_samples_run is not to be called then. */
void pack_forget_samples(struct pack *pack);
/* The script's bytes; pack_read has seen to it that it is there. */
struct mapping_text pack_script(const struct pack *pack);
/* Puts "id/" before a `where` that names the pack's script; a clinic's overlay keeps its own name. */
void pack_name_fault(const struct pack *pack, struct fault *why);
/* SHK_E_PACK at a text of pack.lua. */
int32_t pack_refuse(const struct pack *pack, enum pack_text text, struct fault *why);

#endif
