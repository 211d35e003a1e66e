#include <string.h>

#include "file_name.h"
#include "helper_parts.h"

int32_t helper_family(struct word in, struct word argument, struct encoder *target,
                      struct bytes *out) {
    struct word family, given;
    (void)argument;
    (void)target;
    word_split(in, &family, &given);
    return word_append(family, out);
}

int32_t helper_given(struct word in, struct word argument, struct encoder *target,
                     struct bytes *out) {
    struct word family, given;
    (void)argument;
    (void)target;
    word_split(in, &family, &given);
    return word_append(given, out);
}

int32_t helper_trim(struct word in, struct word argument, struct encoder *target,
                    struct bytes *out) {
    (void)argument;
    (void)target;
    return word_append(word_trim(in), out);
}

/* = + - @ tab and carriage return, ＝ ＋ － ＠. */
static bool begins_formula(struct word in) {
    uint8_t first = in.n > 0 ? (uint8_t)in.p[0] : 0;
    if (first == 0xEF && in.n >= 3 && (uint8_t)in.p[1] == 0xBC) {
        uint8_t last = (uint8_t)in.p[2];
        return last == 0x9D || last == 0x8B || last == 0x8D || last == 0xA0;
    }
    return first != 0 && strchr("=+-@\t\r", first) != NULL;
}

/* A spreadsheet runs a cell that begins like this. The apostrophe makes it text there; a host
 * program would import the apostrophe, so no row gets it unasked. */
int32_t helper_csv_safe(struct word in, struct word argument, struct encoder *target,
                        struct bytes *out) {
    int32_t rc = begins_formula(in) ? bytes_append_byte(out, '\'') : SHK_OK;
    (void)argument;
    (void)target;
    return rc == SHK_OK ? word_append(in, out) : rc;
}

int32_t helper_file_safe(struct word in, struct word argument, struct encoder *target,
                         struct bytes *out) {
    size_t start = out->n;
    int32_t rc = word_append(in, out);
    (void)argument;
    (void)target;
    for (size_t i = start; rc == SHK_OK && i < out->n; i++) {
        bool allowed = file_name_allows(out->p[i]) && out->p[i] != '.';
        out->p[i] = allowed ? out->p[i] : '_';
    }
    return rc;
}
