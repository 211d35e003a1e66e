/* One value of a source, checked and brought into the record's form. */
#ifndef RECORD_VALUE_H
#define RECORD_VALUE_H

#include "record.h"

struct reading {
    enum value_state state;
    const char *text; /* the source's own bytes or `room` */
    size_t len;
    bool is_number;
    int64_t number;
    const struct code_row *code; /* null: no code table, or not in it */
    bool unknown_code;
    char room[24];
};

/* SHK_OK or SHK_E_VALUE. */
int32_t value_read(const struct field *field, const char *p, size_t n, struct reading *out);

#endif
