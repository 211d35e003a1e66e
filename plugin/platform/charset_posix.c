#include "charset.h"

#include <errno.h>
#include <iconv.h>

#include "charset_encode.h"

#define FAILED ((size_t)-1)

/* A converter has a state and belongs to one call; none is shared between threads. */

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

static size_t encode_one(void *converter, uint32_t code, char to[CHARSET_ROOM]) {
    char from[4];
    char *in = from, *at = to;
    size_t in_left = utf8_encode(code, from), left = CHARSET_ROOM;
    bool known = iconv(converter, &in, &in_left, &at, &left) != FAILED;
    return known ? CHARSET_ROOM - left : 0;
}

int32_t utf8_to_cp932(const char *p, size_t n, struct bytes *out, struct cp932_loss *loss) {
    struct cp932_loss unasked = {0};
    iconv_t converter = iconv_open("CP932", "UTF-8");
    if (!is_open(converter)) {
        return errno == ENOMEM ? SHK_E_MEMORY : SHK_E_INTERNAL;
    }
    int32_t rc =
        charset_encode_all(encode_one, converter, p, n, out, loss != NULL ? loss : &unasked);
    iconv_close(converter);
    return rc;
}

bool cp932_has(const char *p, size_t n) {
    return charset_has(p, n);
}
