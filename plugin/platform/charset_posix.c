#include "charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "shikaku/codes.h"
#include "text.h"

#define FAILED ((size_t)-1)

/* A converter has a state and belongs to one call or one encoder; none is shared between threads. */
struct charset_one {
    iconv_t converter;
};

static bool is_open(iconv_t converter) {
    return (intptr_t)converter != -1;
}

static int32_t append_and_wipe(struct bytes *out, char *room, size_t n) {
    int32_t rc = bytes_append(out, room, n);
    memory_wipe(room, n);
    return rc;
}

static int32_t decode_all(iconv_t converter, char *in, size_t left, struct bytes *out,
                          size_t *done) {
    char room[1024];
    char *start = in;
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && left > 0) {
        char *to = room;
        size_t to_left = sizeof room;
        bool stuck = iconv(converter, &in, &left, &to, &to_left) == FAILED && errno != E2BIG;
        rc = append_and_wipe(out, room, sizeof room - to_left);
        if (rc == SHK_OK && stuck) {
            rc = SHK_E_XML_ENCODING;
        }
    }
    *done = (size_t)(in - start);
    return rc;
}

int32_t cp932_to_utf8(const uint8_t *p, size_t n, struct bytes *out, size_t *bad) {
    size_t done = 0;
    iconv_t converter = iconv_open("UTF-8", "CP932");
    if (!is_open(converter)) {
        return errno == ENOMEM ? SHK_E_MEMORY : SHK_E_INTERNAL;
    }
    /* iconv takes its input without const and does not write to it. */
    int32_t rc = decode_all(converter, (char *)p, n, out, &done);
    iconv_close(converter);
    if (rc == SHK_E_XML_ENCODING && bad != NULL) {
        *bad = done;
    }
    return rc;
}

struct charset_one *charset_one_open(void) {
    struct charset_one *one = malloc(sizeof *one);
    if (one == NULL) {
        return NULL;
    }
    one->converter = iconv_open("CP932", "UTF-8");
    if (!is_open(one->converter)) {
        free(one);
        return NULL;
    }
    return one;
}

uint16_t charset_one(struct charset_one *one, uint32_t code) {
    char from[4];
    uint8_t to[4];
    char *in = from, *at = (char *)to;
    size_t in_left = utf8_encode(code, from), left = sizeof to;
    bool known = iconv(one->converter, &in, &in_left, &at, &left) != FAILED;
    size_t made = known ? sizeof to - left : 0;
    return (uint16_t)(made == 1 ? to[0] : made == 2 ? to[0] << 8 | to[1] : 0);
}

void charset_one_close(struct charset_one **one) {
    if (*one != NULL) {
        iconv_close((*one)->converter);
        free(*one);
    }
    *one = NULL;
}
