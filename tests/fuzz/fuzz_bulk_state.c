/* The state file of a bulk run: what is taken is written again to the same bytes, but for forms of one
 * number. */
#include <stdint.h>
#include <stdlib.h>

#include "bulk_state.h"
#include "fuzz.h"

void fuzz_one(const uint8_t *p, size_t n) {
    struct bulk_state first, second;
    struct bytes text = {0};
    if (!bulk_state_read(p, n, &first)) {
        return;
    }
    if (bulk_state_write(&first, &text) != SHK_OK || text.n > n ||
        !bulk_state_read(text.p, text.n, &second) || first.done != second.done ||
        first.batch != second.batch || first.done > first.total) {
        abort();
    }
    bytes_clear(&text);
}
