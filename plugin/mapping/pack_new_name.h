/* What a host calls a column, in a form that can be compared: width, case, kana and separators folded. */
#ifndef MAPPING_PACK_NEW_NAME_H
#define MAPPING_PACK_NEW_NAME_H

#include "bytes.h"

/* What a name says about the form of its values. */
enum pack_hint {
    PACK_HINT_ERA = 1,     /* 和暦 */
    PACK_HINT_WESTERN = 2, /* 西暦 */
    PACK_HINT_DIGITS8 = 4, /* YYYYMMDD */
    PACK_HINT_WIDE = 8,    /* 全角 */
    PACK_HINT_NARROW = 16, /* 半角 */
};

/* Folded UTF-8. edge[i] is 1 where a word begins at byte i, and at the end. All zero is an empty one. */
struct pack_name {
    struct bytes text, edge;
    uint32_t hints;
};

/* Appends a name to `out`: "患者氏名（漢字）" to 患者氏名, "Patient_ID" to PATIENTID with an edge between
 * the words. What only says how values are written becomes a hint. 0 or SHK_E_MEMORY. */
int32_t pack_name_fold(const char *p, size_t n, struct pack_name *out);
void pack_name_clear(struct pack_name *name);

bool pack_name_equal(const struct pack_name *a, const struct pack_name *b);
/* Where `part` stands in the name, from `from` on: between edges where letters of the alphabet would run
 * together. SIZE_MAX: nowhere. */
size_t pack_name_find(const struct pack_name *name, const struct pack_name *part, size_t from);
/* A copy without n bytes at `at`, whose place becomes an edge. */
int32_t pack_name_without(const struct pack_name *name, size_t at, size_t n, struct pack_name *out);
int32_t pack_name_append(struct pack_name *name, const struct pack_name *more);
/* Takes the number off a name that begins (第1, 第一, 1) or ends with one; 0: there is none. */
int32_t pack_name_take_number(struct pack_name *name);

#endif
