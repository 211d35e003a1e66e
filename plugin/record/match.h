/* Whose answer is this: an answer against the patients that a host holds. Pure; compares folded forms. */
#ifndef RECORD_MATCH_H
#define RECORD_MATCH_H

#include "compare.h"

enum match_grade {
    MATCH_NONE,
    MATCH_SAME,     /* the person and the insurance */
    MATCH_CHANGED,  /* surely the person; another insurance */
    MATCH_PROBABLY, /* a person has to look */
    MATCH_SEVERAL,  /* more than one could be meant */
    MATCH_NEW       /* nobody of the host */
};
const char *
match_grade_name(enum match_grade grade); /* "same", "changed", "probably", "several", "new" */
const char *match_grade_japanese(enum match_grade grade);

/* One patient of the host: its number and values by path. */
struct match_patient {
    const char *id;
    const struct host_value *values;
    size_t n;
    bool remembered_card;   /* confirmed before as this patient, with this entitlement */
    bool remembered_person; /* confirmed before, by birth date and kana */
};

#define MATCH_REASONS_MAX    24
#define MATCH_CANDIDATES_MAX 20

/* Why: a row of match_reasons.def. */
struct match_reason_row {
    const char *name, *japanese, *english;
    int32_t
        weight; /* above 0 speaks for the patient, below against; for the order of the candidates alone */
};
size_t match_reason_count(void);
const struct match_reason_row *match_reason_at(size_t index);

struct match_candidate {
    size_t patient; /* index into the patients given */
    enum match_grade grade;
    const struct match_reason_row *reasons[MATCH_REASONS_MAX];
    size_t reasons_n;
};

struct match_result {
    enum match_grade grade;
    struct match_candidate
        at[MATCH_CANDIDATES_MAX]; /* best first; those that cannot be meant are left out */
    size_t n;
    size_t left_out; /* further ones beyond the room */
};

/* Judges one record of an answer. */
void match_record(const struct record_set *set, size_t record, const struct match_patient *patients,
                  size_t n, struct match_result *out);

enum match_difference {
    MATCH_EQUAL,      /* folded the same way and written the same, or nothing to compare */
    MATCH_VARIANT,    /* the same, written otherwise (髙/高, width, small kana) */
    MATCH_MISSING,    /* the answer has ● where the host has the character: the host's stays */
    MATCH_REMEMBERED, /* differs, and was accepted as the same before */
    MATCH_ADDED,      /* the host has nothing yet */
    MATCH_OTHER       /* really different */
};
const char *match_difference_name(enum match_difference difference);
const char *match_difference_japanese(enum match_difference difference);

struct match_field {
    const char *path;      /* of the field table; of a list's entry as the patient names it */
    const char *old, *now; /* host's and answer's; borrowed from the patient and the set */
    enum match_difference difference;
    bool
        take; /* to be written: default true for ADDED and OTHER, false else; MISSING can never be */
};

#define MATCH_FIELDS_MAX 32

struct known_spelling {
    const char *path, *answer, *host;
};

/* Field by field, in table order: name, kana, alias, sex, birth date, address, insurer, symbol, number, branch,
 * relation, dates, … every path that the patient has a value for, or the answer adds among those that the
 * host's values name. */
size_t match_fields(const struct record_set *set, size_t record,
                    const struct match_patient *patient, const struct known_spelling *spellings,
                    size_t spellings_n, struct match_field out[MATCH_FIELDS_MAX]);

/* Puts the host's own text in place of the answer's, in the form that the record has (dates yyyy-MM-dd). For
 * what is not taken over: so a document that overwrites leaves it as it was. SHK_E_PATH, SHK_E_VALUE. */
int32_t record_replace(struct record_set *set, size_t record, const char *path, const char *text);
/* patient.id and patient.match of a record, which scripts read. */
int32_t record_set_patient(struct record_set *set, size_t record, const char *id,
                           enum match_grade grade);

/* card.expires_on of a record: "YYYY-MM-DD", or "" for none. */
int32_t record_set_card(struct record_set *set, size_t record, const char *expires_on);

/* Everything of a set (values as sent, drift, the app's mark) as bytes and back; derived values are made anew,
 * replaced ones are frozen as they stand. Version 1; a newer one is SHK_E_STORE_NEWER, broken bytes are
 * SHK_E_STORE_BROKEN. */
int32_t record_freeze(const struct record_set *set, struct bytes *out);
int32_t record_thaw(const uint8_t *p, size_t n, struct record_set **out);

#endif
