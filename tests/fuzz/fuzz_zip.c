/* Archives from a folder that others write into. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "zip.h"

#define MOST ((uint64_t)1 << 20)

struct rest {
    const uint8_t *p;
    size_t n;
};

static int32_t give(void *self, uint8_t *p, size_t cap, size_t *n, struct fault *why) {
    struct rest *rest = self;
    (void)why;
    *n = rest->n < cap ? rest->n : cap;
    if (*n > 0) {
        memcpy(p, rest->p, *n);
    }
    rest->p += *n;
    rest->n -= *n;
    errno = ENOMEM;
    return SHK_OK;
}

static int32_t take(void *self, const uint8_t *p, size_t n, struct fault *why) {
    uint64_t *left = self;
    (void)p, (void)why;
    fuzz_must(n > 0 && n <= *left, "more than the limit");
    *left -= n;
    return SHK_OK;
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct rest rest = {p, n};
    uint64_t left = MOST;
    struct fault why = {0};
    const struct byte_source from = {give, &rest};
    const struct byte_sink sink = {take, &left};
    errno = ENOMEM; /* left by somebody else: libarchive looks at it */
    int32_t rc = zip_read_xml(&from, MOST, &sink, &why);
    fuzz_must(rc == why.code && (rc != SHK_OK || rest.n == 0), "something is left behind the end");
}
