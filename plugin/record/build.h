/* Filling a record set; for the readers of the sources. */
#ifndef RECORD_BUILD_H
#define RECORD_BUILD_H

#include "fields.h"

#define RECORD_MAX 100 /* results in one answer, entries in one list */
#define DRIFT_MAX  1000

struct record_set *record_set_new(void); /* null: out of memory */

/* Opens the next record. SHK_E_VALUE when there are too many. */
int32_t record_add(struct record_set *set);
/* Opens the next entry of a list of the record opened last; `list` as field_list_of gives it. */
int32_t record_add_entry(struct record_set *set, const struct field *list, size_t *entry);
/* Stores a value as the source wrote it: in the record opened last, or with `common` in all.
 * SHK_E_VALUE, SHK_E_MEMORY. *unknown_code: kept, but not in the code table. */
int32_t record_put(struct record_set *set, bool common, const struct field_ref *ref, const char *p,
                   size_t n, bool *unknown_code);
/* For derive.c, in the order of the table: stores a value that follows from others, in the form of a
 * source. `p` must not lie in the set. */
int32_t record_put_derived(struct record_set *set, size_t record, const struct field *field,
                           const char *p, size_t n);
/* In a finished set: the value in place of the one that is there, in the form of a source. `p` must not lie
 * in the set. SHK_E_ABSENT: no such record. SHK_E_VALUE and SHK_E_MEMORY with the value as it was. */
int32_t record_put_again(struct record_set *set, size_t record, const struct field_ref *ref,
                         const char *p, size_t n);
/* In a finished set: takes a value away, if it is there. */
void record_drop(struct record_set *set, size_t record, const struct field_ref *ref);
/* Derived values as they follow from what the record has now. SHK_E_MEMORY: some are missing. */
int32_t record_derive_again(struct record_set *set, size_t record);
/* SHK_E_XML when there are too many. `line` 0: not known. */
int32_t record_drift(struct record_set *set, int32_t line, const char *path, const char *raw,
                     size_t n);
/* The set comes from the app's text, which has no word for validity (see record_outcome). Before
 * record_finish. */
void record_source_is_app(struct record_set *set);
bool record_is_app(const struct record_set *set);
/* The set was read from a card's own attributes: it says who somebody is and nothing of an insurance. Before
 * record_finish. */
void record_source_is_card(struct record_set *set);
bool record_is_card(const struct record_set *set);
/* The source said something on the burden of the record opened last that nobody has explained: nothing is
 * derived in its place. Before record_finish. */
void record_burden_is_unread(struct record_set *set);
bool record_is_burden_unread(const struct record_set *set, size_t record);
/* Once at the end: opens a record if there is none, spreads the common values, derives and sorts. */
int32_t record_finish(struct record_set *set);
/* The results that the source sent; 0 when the only record holds the common values alone. */
size_t record_result_count(const struct record_set *set);

#endif
