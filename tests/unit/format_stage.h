/* Cells, and the documents that are made of them. */
#ifndef UNIT_FORMAT_STAGE_H
#define UNIT_FORMAT_STAGE_H

#include "format.h"
#include "shikaku/codes.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define CELL(name, text)                                                                           \
    { .to = (name), .value = (text) }

/* Styles as a script has them that says nothing else. */
struct format_style style_of(enum format_kind kind);

/* Of the last write. */
extern struct bytes head, body;
int32_t write_cells(const struct format_style *style, const struct format_cell *cells, size_t n);
void assert_written(const struct format_style *style, const struct format_cell *cells, size_t n,
                    const char *expected);
/* The cells with these names, up to a null, all present, and where the first misplaced one stands. */
size_t misplaced(const struct format_style *style, const char *const *names);
void assert_usable(const struct format_style *style, const char *const *good,
                   const char *const *bad);

/* A small generator that gives the same numbers everywhere. */
uint32_t next_random(uint32_t *seed, uint32_t below);
/* A text of up to 12 characters that is neither empty nor blank. */
void random_text(uint32_t *seed, const char *const *characters, size_t n, char out[64]);

int clear_written(void **state);
#define FORMAT_TEST(name) cmocka_unit_test_teardown(name, clear_written)

#endif
