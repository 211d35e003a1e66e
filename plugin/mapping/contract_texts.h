/* The texts that a contract came from, for the line of a key: the script and a clinic's overlay. */
#ifndef MAPPING_CONTRACT_TEXTS_H
#define MAPPING_CONTRACT_TEXTS_H

#include <stdbool.h>

#include "source_map.h"

#define TEXTS_PATH_MAX SOURCE_PATH_MAX

struct contract_text {
    const char *name;
    const char *p;
    size_t n;
    struct source_map map; /* read when a line is first asked for: nearly all runs need none */
    bool mapped;
};

/* Where the key at a path of the table is really written: at another place of the script, as rows before it
 * came or went, or in the overlay. */
struct contract_moved {
    char *path, *from;
    bool overlay;
};

struct contract_texts {
    struct contract_text script, overlay;
    struct contract_moved *moved;
    size_t moved_n, moved_cap;
};

/* Where the key with this path is written: the text's name, and the line in *line, 0 when it is not known. */
const char *texts_place(struct contract_texts *texts, const char *path, int32_t *line);
/* The line of a path of the overlay. */
int32_t texts_overlay_line(struct contract_texts *texts, const char *path);
/* Says where what is at this path and below is written. A later word outranks an earlier one. False: out
 * of memory. */
bool texts_moved(struct contract_texts *texts, const char *path, const char *from, bool overlay);
void texts_clear(struct contract_texts *texts);

#endif
