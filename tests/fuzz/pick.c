#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

void fuzz_must(bool good, const char *what) {
    if (!good) {
        fprintf(stderr, "fuzz: %s\n", what);
        abort();
    }
}

void fuzz_should(bool good, const char *what) {
    fuzz_must(good || fuzz_failed(), what);
}

uint8_t fuzz_byte(struct fuzz_input *in) {
    if (in->n == 0) {
        return 0;
    }
    in->n--;
    return *in->p++;
}

uint32_t fuzz_number(struct fuzz_input *in) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        value = value << 8 | fuzz_byte(in);
    }
    return value;
}

uint32_t fuzz_below(struct fuzz_input *in, uint32_t end) {
    return (end <= 256 ? fuzz_byte(in) : fuzz_number(in)) % end;
}

struct fuzz_input fuzz_bytes(struct fuzz_input *in, size_t n) {
    struct fuzz_input part = {.p = in->p, .n = n < in->n ? n : in->n};
    in->p = part.n > 0 ? in->p + part.n : in->p;
    in->n -= part.n;
    return part;
}

struct fuzz_input fuzz_piece(struct fuzz_input *in) {
    const uint8_t *end = in->n > 0 ? memchr(in->p, 0xFF, in->n) : NULL;
    struct fuzz_input part = fuzz_bytes(in, end != NULL ? (size_t)(end - in->p) : in->n);
    (void)fuzz_byte(in);
    return part;
}

size_t fuzz_text(struct fuzz_input *in, char *out, size_t room) {
    struct fuzz_input part = fuzz_piece(in);
    size_t n = part.n < room - 1 ? part.n : room - 1;
    if (n > 0) {
        memcpy(out, part.p, n);
    }
    out[n] = '\0';
    return strlen(out);
}
