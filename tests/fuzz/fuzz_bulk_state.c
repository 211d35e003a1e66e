/* The state file of a bulk run: what is taken is written again to the same bytes, but for forms of one
 * number. */
#include <stdint.h>

#include "bulk_state.h"
#include "fuzz.h"

void fuzz_one(const uint8_t *p, size_t n) {
    struct bulk_state first, second;
    struct bytes text = {0};
    if (!bulk_state_read(p, n, &first)) {
        return;
    }
    fuzz_must(first.done <= first.total, "more is done than there is");
    int32_t rc = bulk_state_write(&first, &text);
    fuzz_should(rc == SHK_OK, "a state is not written");
    if (rc == SHK_OK) {
        fuzz_must(text.n <= n && bulk_state_read(text.p, text.n, &second) &&
                      first.done == second.done && first.batch == second.batch,
                  "another state is written than was read");
    }
    bytes_clear(&text);
}
