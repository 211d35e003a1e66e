/* A draft of a pack from what the host itself shows: the heading line of its CSV, rows of data behind it or
 * not, or a sample XML document. Everything happens in memory; no value of the sample's rows gets into the
 * pack, only what form they have. */
#ifndef MAPPING_PACK_NEW_H
#define MAPPING_PACK_NEW_H

#include "bytes.h"
#include "fault.h"

#define PACK_NEW_HELPERS_MAX 2

struct pack_new_job {
    const uint8_t *sample; /* UTF-8 or code page 932; 1 MiB at most */
    size_t sample_len;
    const char *sample_name; /* file name without folder, for faults and the README */
    const char *id; /* of pack and script: letters, digits, _ - . up to 64; it begins with a
                       letter or digit */
    const char *vendor, *host; /* words for people, UTF-8; null or "": not given */
};

struct pack_new_file {
    char *name; /* "pack.lua", "samples/mihon.xml" */
    struct bytes content;
};

/* One column or place of the host, in its order. */
struct pack_new_guess {
    char *to;
    char *from; /* path of the record; null: not guessed */
    char *helpers[PACK_NEW_HELPERS_MAX];
    size_t helpers_n;
    char *constant;   /* what an XML sample has there and the script writes again; null: nothing */
    const char *sure; /* "sure", "likely", "unknown" */
    int32_t line;     /* of its row in mapping.lua */
};

/* Owned; wiped when freed. */
struct pack_new_result {
    struct pack_new_file *files;
    size_t files_n;
    struct pack_new_guess *guesses;
    size_t guesses_n;
};

/* SHK_E_INPUT with the member's name for a job that is not usable; SHK_E_PACK_SOURCE with "sample.csv:1
 * 3列目: reason" (no value of it) for a sample that is not; SHK_E_MEMORY. */
int32_t pack_new(const struct pack_new_job *job, struct pack_new_result **out, struct fault *why);

/* What must come out of the pack's sample cannot be known before the script has run. The caller runs
 * mapping.lua over samples/mihon.xml and gives the document (head and body) and its file name (null: none is
 * kept); they become samples/mihon.expected and samples/mihon.name. SHK_E_MEMORY. */
int32_t pack_new_expect(struct pack_new_result *result, const struct bytes *head,
                        const struct bytes *body, const char *file_name, struct fault *why);
/* Null when the pack has no file of that name. */
const struct bytes *pack_new_file(const struct pack_new_result *result, const char *name);
void pack_new_free(struct pack_new_result **result);

#endif
