/* Taking a path apart: "records[2].name" is the name "records", the index 2 and the rest "name". */
#ifndef SESSION_PATHS_H
#define SESSION_PATHS_H

#include <stdbool.h>
#include <stddef.h>

struct path_step {
    const char *name;
    size_t name_len;
    size_t index; /* 0: none */
    const char *rest;
    size_t rest_len;
};

/* False when the path is not of that form. */
bool path_step(const char *path, size_t n, struct path_step *out);

#endif
