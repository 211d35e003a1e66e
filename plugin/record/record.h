/* The answer as typed values by path. Paths, types and labels come from fields.def alone. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "fault.h"

enum field_type {
    FIELD_TEXT,     /* exactly as sent */
    FIELD_DATE,     /* yyyyMMdd in the source, YYYY-MM-DD here */
    FIELD_MONTH,    /* yyyyMM, YYYY-MM */
    FIELD_TIME,     /* yyyyMMddHHmmss, YYYY-MM-DDThh:mm:ss */
    FIELD_INT,      /* whole number: yen */
    FIELD_PERCENT,  /* 010 in the source, 10 here */
    FIELD_CODE,     /* text of the code; its label at the path plus "_label" */
    FIELD_SEX,      /* 1 2 3 in the source; "male" "female" "unknown" here; has a label */
    FIELD_RELATION, /* 1 2 in the source; "self" "family" here; has a label */
    FIELD_INSURER,  /* digits without padding */
    FIELD_FLAG,     /* 1: present and yes; a code with one meaning; label as FIELD_CODE */
};

struct code_row {
    const char *code, *value,
        *label; /* value: the record's own word, or null for the code itself */
};

/* One row of fields.def. */
struct field {
    const char *path;    /* "insurer_number", "specific_diseases[].self_pay_yen" */
    size_t limit;        /* in characters; 0 none known */
    const char *element; /* OQS path: "MessageHeader/…", "MessageBody/…", else below the result;
                             accepted other names follow after a bar */
    const char *app; /* "資格情報/氏名": section and key of the app's text, "" for none; others
                             follow after a bar */
    const char *japanese, *english;
    const struct code_row *codes; /* null, or ended by a null code */
    enum field_type type;
    bool personal; /* belongs to a person: never in a log */
};

size_t field_count(void);
const struct field *field_at(size_t index);
/* Finds the row of a path, list indexes and a "_label" ending ignored. Null: no such path. */
const struct field *field_find(const char *path, size_t n);
/* True for a path that names a list ("specific_diseases", "medical_aid.tickets"). */
bool field_is_list(const char *path, size_t n);
/* True for a path that names a group ("elderly") . */
bool field_is_group(const char *path, size_t n);

enum value_state { VALUE_ABSENT, VALUE_EMPTY, VALUE_PRESENT };

struct value {
    enum value_state state;
    const char *text; /* UTF-8, terminated, borrowed from the set; "" when not present */
    size_t len;
    bool is_number;
    int64_t number;
    const struct field *field;
};

/* All records of one answer. Two results in one answer are two records. An answer without a result has
 * one record that holds what the header and body said. */
struct record_set;

size_t record_count(const struct record_set *set);
/* record counts from 1. 0; SHK_E_PATH when the path is no field; SHK_E_ABSENT for a record that is not
 * there. An absent value is VALUE_ABSENT with result 0. List indexes count from 1; a path into a list
 * without an index means its first entry. "_label" gives the Japanese label of a code. */
int32_t record_value(const struct record_set *set, size_t record, const char *path, size_t n,
                     struct value *out);
/* A path looked up once, for whoever reads it in many records. */
struct record_place {
    const struct field *field;
    uint32_t order, entry, row; /* where record_value_at looks */
    bool label;
};
/* False when the path is no field. */
bool record_place(const char *path, size_t n, struct record_place *out);
/* The same field in another entry of its list. */
void record_place_entry(struct record_place *place, size_t entry);
/* As record_value, without its search. 0 or SHK_E_ABSENT. */
int32_t record_value_at(const struct record_set *set, size_t record,
                        const struct record_place *place, struct value *out);
/* Entries of a list; SHK_E_PATH when it is none. */
int32_t record_list_count(const struct record_set *set, size_t record, const char *path, size_t n,
                          size_t *out);
/* The paths that the source sent (empty ones too) in table order, lists entry by entry with concrete
 * indexes, each label after its code; last those that were derived ("derived.…"). Returns the number;
 * `index` counts from 0. SHK_E_ABSENT behind the last one, SHK_E_ARGUMENT when cap is too small. */
size_t record_path_count(const struct record_set *set, size_t record);
int32_t record_path_at(const struct record_set *set, size_t record, size_t index, char *path,
                       size_t cap);

/* What the source sent and the table does not explain, never dropped: an unknown element by its path,
 * anything else by its path and a reason: "…=duplicate", "…=unknown code", "…=attribute", "…=text",
 * "…=differs". */
size_t record_drift_count(const struct record_set *set);
/* The element's path, or section and key of the app's text; what was written there in *raw (personal).
 * Borrowed. */
const char *record_drift_at(const struct record_set *set, size_t index, const char **raw);
/* The line of the source, counted from 1; 0 when it is not known. */
int32_t record_drift_line(const struct record_set *set, size_t index);

enum record_outcome { OUTCOME_NONE, OUTCOME_ELIGIBLE, OUTCOME_NOT_ELIGIBLE, OUTCOME_UNSTATED };
/* Eligible: the file and the person ended normally, the entitlement is valid, and it is there. None
 * when the answer does not say so or the opposite. Unstated: a whole record of the app's text, which
 * has no word for validity; not eligible when its own dates do not cover the confirmation date. What a card
 * says of its holder is unstated too. */
enum record_outcome record_outcome(const struct record_set *set);
/* Of one record of the set: the service judges all of an answer at once; of the app's text each record has
 * its own dates and word. */
enum record_outcome record_outcome_at(const struct record_set *set, size_t record);

void record_free(struct record_set **set); /* wipes; null is accepted */

struct oqs_options {
    /* A header that names another character code than the proven one is passed over (and reported as
     * drift) instead of refused: sources contradict each other on what its numbers mean. */
    bool ignore_character_code;
};

enum oqs_document { OQS_DOCUMENT_OTHER, OQS_DOCUMENT_RESULT, OQS_DOCUMENT_BULK };
/* A guess from the first bytes, for choosing between oqs_read and oqs_bulk. */
enum oqs_document oqs_document_kind(const uint8_t *p, size_t n);

/* Reads an OQS XML answer in UTF-8 or Shift_JIS (code page 932). Results with different dates of birth
 * are not of one person: SHK_E_VALUE. The set is given also with the faults SHK_E_ANSWER_REFUSED,
 * SHK_E_ANSWER_PENDING and SHK_E_ANSWER_ERROR, so that the service's own message can be shown; with any
 * other fault *out is null. `options` may be null. */
int32_t oqs_read(const uint8_t *p, size_t n, const struct oqs_options *options,
                 struct record_set **out, struct fault *why);

#endif
