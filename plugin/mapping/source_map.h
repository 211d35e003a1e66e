/* Where the keys of a returned table stand in its Lua text: "fields[3].as" to a line. */
#ifndef MAPPING_SOURCE_MAP_H
#define MAPPING_SOURCE_MAP_H

#include <stddef.h>
#include <stdint.h>

#define SOURCE_PATH_MAX    200
#define SOURCE_ENTRIES_MAX 4096

struct source_place {
    char *path; /* "" is the table itself */
    int32_t line;
};

struct source_map {
    struct source_place *at; /* in the text's order; a table before what it holds */
    size_t n, cap;
};

/* Reads the constructor behind the text's last `return {`. What it does not understand is left out,
 * so a line may be unknown but is never a wrong key's. 0 or SHK_E_MEMORY. */
int32_t source_map_read(const char *text, size_t n, struct source_map *out);
void source_map_clear(struct source_map *map);

/* The place in the map, or map->n when the path is not in it. */
size_t source_map_find(const struct source_map *map, const char *path);
/* The line of the path, or of the innermost table around it that is known; 0: none. */
int32_t source_map_line(const struct source_map *map, const char *path);

#endif
