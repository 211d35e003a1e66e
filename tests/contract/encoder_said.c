/* Prints every character that an encoding has under a repertoire, with its bytes: encoder_said E R, the
 * two numbers of encoder.h. Judged by encoder_judge.py. */
#include <stdio.h>
#include <stdlib.h>

#include "encoder.h"
#include "shikaku/codes.h"
#include "text.h"

static int say(struct encoder *e, uint32_t code, struct bytes *out) {
    char utf8[4];
    out->n = 0;
    if (encoder_write(e, utf8, utf8_encode(code, utf8), out) != SHK_OK) {
        return 1;
    }
    printf("%X ", (unsigned)code);
    for (size_t i = 0; i < out->n; i++) {
        printf("%02x", (unsigned)out->p[i]);
    }
    printf("\n");
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        return 2;
    }
    struct encoder *e =
        encoder_new((enum encoding)(argv[1][0] - '0'), (enum repertoire)(argv[2][0] - '0'));
    struct bytes out = {0};
    int failed = e == NULL;
    for (uint32_t code = 0; !failed && code <= 0x2FFFF; code++) {
        failed = encoder_has(e, code) ? say(e, code, &out) : 0;
    }
    bytes_clear(&out);
    encoder_free(&e);
    return failed;
}
