#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bytes.h"
#include "known.h"

/* A field that is renamed would be asked for in vain. */
static void each_known_field_is_in_the_table(void **state) {
#define KNOWN(name, path) path,
    static const char *const paths[] = {
#include "known.def"
    };
#undef KNOWN
    (void)state;
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        const struct record_place *place = known_place((enum known)i);
        assert_non_null(place->field);
        char path[64];
        (void)text_format(path, sizeof path, "%s%s", place->field->path,
                          place->label ? "_label" : "");
        assert_string_equal(path, paths[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_known_field_is_in_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
