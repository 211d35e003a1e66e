/* Tables of foreign programs: the first byte chooses separator and encoding, the second the size of the
 * pieces. Reading and surveying must agree. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "csv_read.h"
#include "fuzz.h"
#include "text.h"

struct tape {
    const uint8_t *p;
    size_t n, piece;
};

static int32_t next(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct tape *tape = self;
    (void)why;
    *n = tape->piece < cap ? tape->piece : cap;
    *n = *n < tape->n ? *n : tape->n;
    if (*n > 0) {
        memcpy(p, tape->p, *n);
    }
    tape->p += *n;
    tape->n -= *n;
    return SHK_OK;
}

static void check(bool fine) {
    fuzz_should(fine, "reading and surveying disagree");
}

static void check_row(const struct csv_row *row, uint64_t after) {
    size_t bytes = 0;
    check(row->n <= CSV_FIELDS_MAX && row->line > after);
    for (size_t i = 0; i < row->n; i++) {
        bytes += strlen(row->field[i]);
        check(utf8_valid(row->field[i], strlen(row->field[i])));
    }
    check(bytes > 0);
}

void fuzz_one(const uint8_t *p, size_t n) {
    if (n < 2) {
        return;
    }
    struct csv_options options = {p[0] & 1 ? '\t' : ',', (enum csv_encoding)(p[0] / 2 % 3)};
    struct tape tape = {p + 2, n - 2, p[1] % 64u + 1u};
    const struct byte_source source = {next, &tape};
    struct csv_survey survey;
    struct fault why = {0};
    int32_t surveyed = csv_survey(&options, "t", &source, &survey, &why);
    check(surveyed == why.code);
    tape = (struct tape){p + 2, n - 2, 4096};
    options.encoding = surveyed == SHK_OK ? survey.encoding : options.encoding;
    struct csv *csv = NULL;
    struct csv_row row = {.n = 1};
    uint64_t rows = 0, line = 0;
    fault_clear(&why);
    int32_t rc = csv_new(&options, "t", &source, &csv, &why);
    while (rc == SHK_OK && row.n > 0) {
        rc = csv_next(csv, &row, &why);
        if (rc == SHK_OK && row.n > 0) {
            check_row(&row, line);
            line = row.line;
            rows++;
        }
    }
    check(surveyed != SHK_OK || (rc == SHK_OK && rows == survey.rows));
    csv_free(&csv);
}
