/* The two lines of one patient: for programs in results.jsonl, for people in differences.csv. */
#ifndef SESSION_BULK_LINE_H
#define SESSION_BULK_LINE_H

#include "bulk_batch.h"

/* Byte order mark and heading of differences.csv. */
const char *bulk_csv_heading(enum bulk_kind kind);

/* What is said of a row: an answer and what it changes, a registration, or a fault. */
struct bulk_verdict {
    enum difference difference;
    const struct record_set *set; /* null: none came */
    size_t record;                /* the one that was compared; 0 none */
    const struct host_value *values;
    const size_t *changed; /* indexes into values */
    size_t changed_n;
    const char *code;          /* of a registration; null otherwise */
    const struct fault *fault; /* null: none */
};

/* Fills row->json and row->csv; both without their ends, which bulk_line_end adds. SHK_E_MEMORY. */
int32_t bulk_line_make(const struct bulk_batch *batch, struct bulk_row *row,
                       const struct bulk_verdict *verdict, struct fault *why);
int32_t bulk_line_end(struct bulk_row *row, struct fault *why);

/* One JSON string and one CSV cell; appended. For the tests too. */
int32_t bulk_json_text(struct bytes *out, const char *text);
int32_t bulk_csv_cell(struct bytes *out, const char *text, bool last);
/* A number that is a name: digits and nothing else are written as ="000123", which a spreadsheet takes
 * for a text. */
int32_t bulk_csv_identifier(struct bytes *out, const char *text);

#endif
