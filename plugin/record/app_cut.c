#include "app_cut.h"

#include <string.h>

#include "plain.h"

/* Behind the line's end: CRLF, LF and CR, mixed as they come. */
static const char *pass_line_end(const char *p, const char *end) {
    bool pair = p + 1 < end && p[0] == '\r' && p[1] == '\n';
    return p < end ? p + (pair ? 2 : 1) : p;
}

static bool has_byte(uint64_t eight, char byte) {
    static const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t zero_where = eight ^ (ones * (uint8_t)byte);
    return ((zero_where - ones) & ~zero_where & (ones << 7)) != 0;
}

static const char *find_line_end(const char *p, const char *end) {
    uint64_t eight;
    while ((size_t)(end - p) >= sizeof eight) {
        memcpy(&eight, p, sizeof eight);
        if (has_byte(eight, '\r') || has_byte(eight, '\n')) {
            break;
        }
        p += sizeof eight;
    }
    while (p < end && *p != '\r' && *p != '\n') {
        p++;
    }
    return p;
}

int32_t app_line_count(const char *p, size_t n) {
    const char *end = p + n;
    int32_t count = 0;
    while (p < end) {
        const char *stop = find_line_end(p, end);
        count += stop < end ? 1 : 0;
        p = pass_line_end(stop, end);
    }
    return count;
}

void app_cut_line(struct app_reader *r, struct app_line *out) {
    const char *p = find_line_end(r->p, r->end);
    out->start = out->text = r->p;
    out->text_n = (size_t)(p - out->start);
    out->number = ++r->number;
    plain_trim(&out->text, &out->text_n);
    const char *rest = out->text + out->text_n;
    out->has_tab = out->text_n > 0 && memchr(rest, '\t', (size_t)(p - rest)) != NULL;
    r->p = pass_line_end(p, r->end);
}
