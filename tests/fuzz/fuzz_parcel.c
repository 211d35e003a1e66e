/* A parcel as it comes out of the store: what is taken is written again to the same bytes. */
#include <string.h>

#include "fuzz.h"
#include "parcel.h"

static void look_at(const struct parcel *parcel) {
    const struct mapping_result *d = parcel->document;
    size_t n = strlen(d->id) + strlen(d->format) + strlen(d->encoding) + strlen(d->file_name);
    for (size_t i = 0; i < d->fields_n; i++) {
        n += strlen(d->fields[i].to);
        n += d->fields[i].value != NULL ? strlen(d->fields[i].value) : 0;
    }
    for (size_t i = 0; i < d->statements_n; i++) {
        n += strlen(d->statements[i]);
    }
    fuzz_must(n <= d->text.n + sizeof d->id + sizeof d->format + sizeof d->encoding +
                       sizeof d->file_name,
              "every text lies in the document");
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct parcel parcel;
    struct bytes again = {0};
    int32_t rc = parcel_read(p, n, &parcel);
    fuzz_must((rc == SHK_OK) == (parcel.document != NULL), "a parcel or a fault");
    fuzz_must(rc == SHK_OK || rc == SHK_E_STORE_BROKEN || rc == SHK_E_STORE_NEWER ||
                  (rc == SHK_E_MEMORY && fuzz_failed()),
              "a fault of the store");
    if (rc == SHK_OK) {
        look_at(&parcel);
        rc = parcel_write(&parcel, &again);
        fuzz_must(rc == SHK_OK || fuzz_failed(), "what was read is written");
        fuzz_must(rc != SHK_OK || (again.n == n && memcmp(again.p, p, n) == 0),
                  "to the same bytes");
    }
    bytes_clear(&again);
    parcel_clear(&parcel);
}
