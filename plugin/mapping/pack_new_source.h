/* What a host's sample shows, whatever its format: the columns and the outer form. */
#ifndef MAPPING_PACK_NEW_SOURCE_H
#define MAPPING_PACK_NEW_SOURCE_H

#include "pack_new_form.h"
#include "pack_new_guess.h"

#define PACK_NEW_SAMPLE_MAX ((size_t)1024 * 1024)

/* One row of the script to come. */
struct pack_column {
    char *to;
    char *names;        /* for pack_words_guess */
    char *constant;     /* kept as the sample has it, or null */
    bool empty_element; /* XML: stood there without content */
    struct pack_form form;
};

/* Name and value of an attribute; null: there is none. */
struct pack_pair {
    char *name, *value;
};

struct pack_new_source {
    struct pack_column *columns;
    size_t n, cap;
    bool xml, bom, cp932;
    bool ascii;        /* the bytes do not tell the encoding */
    bool crlf, lf, cr; /* line ends that were seen */
    bool has_data;     /* values were seen */
    char separator;    /* CSV */
    bool quote_always;
    char *root; /* XML */
    bool declaration, standalone;
    struct pack_pair leaf, group; /* attributes of all elements without and with child elements */
    int32_t indent;               /* -1: not seen */
};

struct pack_new_sample {
    const uint8_t *p;
    size_t n;
    const char *name; /* for faults */
};

/* Both fill `out`, which is all zero: SHK_E_PACK_SOURCE with "sample.csv:1 reason" and no value of the
 * sample, SHK_E_MEMORY. */
int32_t pack_read_csv(const struct pack_new_sample *sample, const struct pack_words *words,
                      struct pack_new_source *out, struct fault *why);
int32_t pack_read_xml(const struct pack_new_sample *sample, const struct pack_words *words,
                      struct pack_new_source *out, struct fault *why);
void pack_new_source_clear(struct pack_new_source *source);

/* Copies the texts; `column` points to the new one. SHK_E_MEMORY. */
int32_t pack_new_source_add(struct pack_new_source *source, const char *to, const char *names,
                            struct pack_column **column);
/* Sees the byte order mark and the line ends. */
void pack_new_source_look(const struct pack_new_sample *sample, struct pack_new_source *out);
int32_t pack_new_source_fault(const struct pack_new_sample *sample, int64_t line,
                              const char *reason, struct fault *why);
/* Null when it can stand as `to` in a row of a script; else the reason. */
const char *pack_to_problem(const char *to, bool cp932);

#endif
