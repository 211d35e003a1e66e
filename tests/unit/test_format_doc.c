/* docs/formats.md: each script and the output that stands below it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mapping_stage.h"
#include "shikaku/codes.h"
#include "slurp.h"

/* The block that begins with this fence at or behind p; returns where it ends, null without one. */
static const char *read_block(const char *p, const char *fence, char *out, size_t cap) {
    const char *from = strstr(p, fence);
    const char *to = from != NULL ? strstr(from + strlen(fence), "```") : NULL;
    if (to == NULL) {
        return NULL;
    }
    from += strlen(fence);
    assert_true((size_t)(to - from) < cap);
    snprintf(out, cap, "%.*s", (int)(to - from), from);
    return to + 3;
}

/* Appends the bytes with every line end as a page shows it. */
static void show(const struct bytes *b, char *out, size_t cap) {
    size_t n = strlen(out);
    for (size_t i = 0; i < b->n; i++) {
        assert_true(n + 2 < cap);
        char c = (char)b->p[i];
        if (c == '\r' && (i + 1 == b->n || b->p[i + 1] != '\n')) {
            c = '\n';
        }
        if (c != '\r') {
            out[n++] = c;
        }
    }
    out[n] = '\0';
}

static void every_example_gives_what_stands_below_it(void **state) {
    (void)state;
    static char script[4096], expected[4096], written[4096];
    size_t examples = 0;
    for (const char *p = slurp(SOURCE_ROOT "/docs/formats.md", NULL); p != NULL;) {
        p = read_block(p, "```lua\n", script, sizeof script);
        if (p == NULL) {
            break;
        }
        p = read_block(p, "```\n", expected, sizeof expected);
        assert_non_null(p);
        assert_int_equal(run_text(script, false), SHK_OK);
        written[0] = '\0';
        show(&result->head, written, sizeof written);
        show(&result->body, written, sizeof written);
        assert_string_equal(written, expected);
        examples++;
    }
    assert_int_equal(examples, 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MAPPING_TEST(every_example_gives_what_stands_below_it),
    };
    return cmocka_run_group_tests_name("format_doc", tests, NULL, NULL);
}
