#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "format_stage.h"

struct bytes head, body;

struct format_style style_of(enum format_kind kind) {
    static const char *const newlines[] = {"\r\n", "\r\n", "\n", "\n", "\r", "\r\n"};
    return (struct format_style){.kind = kind,
                                 .newline = newlines[kind],
                                 .separator = ",",
                                 .root = "R",
                                 .encoding_name = "UTF-8",
                                 .declaration = DECLARATION_NO,
                                 .indent = 2};
}

int32_t write_cells(const struct format_style *style, const struct format_cell *cells, size_t n) {
    bytes_clear(&head);
    bytes_clear(&body);
    int32_t rc = format_head(style, cells, n, &head);
    return rc == SHK_OK ? format_body(style, cells, n, &body) : rc;
}

void assert_written(const struct format_style *style, const struct format_cell *cells, size_t n,
                    const char *expected) {
    assert_int_equal(write_cells(style, cells, n), SHK_OK);
    assert_string_equal(bytes_text(&body), expected);
    assert_int_equal(body.n, strlen(expected));
}

size_t misplaced(const struct format_style *style, const char *const *names) {
    struct format_cell cells[16];
    size_t n = 0;
    for (; names[n] != NULL; n++) {
        cells[n] = (struct format_cell){.to = names[n]};
    }
    return format_first_misplaced(style, cells, n);
}

void assert_usable(const struct format_style *style, const char *const *good,
                   const char *const *bad) {
    for (; *good != NULL; good++) {
        if (!format_path_usable(style, *good)) {
            fail_msg("%s", *good);
        }
    }
    for (; *bad != NULL; bad++) {
        const char *const list[] = {*bad, NULL};
        if (format_path_usable(style, *bad) || misplaced(style, list) != 0) {
            fail_msg("%s", *bad);
        }
    }
}

uint32_t next_random(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

void random_text(uint32_t *seed, const char *const *characters, size_t n, char out[64]) {
    size_t len = 0;
    for (uint32_t i = next_random(seed, 12); i > 0; i--) {
        len += text_copy(out + len, 64 - len, characters[next_random(seed, (uint32_t)n)]);
    }
    text_copy(out + len, 64 - len, "z");
}

int clear_written(void **state) {
    (void)state;
    bytes_clear(&head);
    bytes_clear(&body);
    return 0;
}
