/* The rows of a script as they are written, for whoever wants to see what a pack does. */
#ifndef MAPPING_PACK_ROWS_H
#define MAPPING_PACK_ROWS_H

#include "pack.h"

struct pack_row {
    char *to; /* with the names of the groups around it: "Coverage[]/number" */
    char *
        from; /* with the list that its group runs through: "specific_diseases[].disease"; "" for none */
    char *helpers; /* "digits pad:8,0,right", "with" last where a function stands; "" for none */
    int32_t line;  /* 0: unknown */
    int32_t limit; /* max_bytes, else max_chars, else width; 0: none */
    bool limit_in_chars;
};

struct pack_rows {
    struct pack_row *at;
    size_t n;
};

/* SHK_E_MEMORY; what the script does not return as plain data is left out. */
int32_t pack_rows_read(const struct pack *pack, struct pack_rows *out, struct fault *why);
void pack_rows_clear(struct pack_rows *rows);

/* Between the fields of a row format. */
char pack_rows_separator(const struct pack *pack);

#endif
