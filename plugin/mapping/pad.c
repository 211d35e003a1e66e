#include "pad.h"

#include <string.h>

#include "helper_parts.h"
#include "target.h"
#include "text.h"

#define CUT_MAX 65535

static struct word rest_of(struct word word, size_t n) {
    return (struct word){word.p + n, word.n - n};
}

static bool take_number(struct word *rest, size_t *out) {
    int32_t value = 0;
    size_t n = 0;
    while (n < rest->n && char_is_digit(rest->p[n])) {
        n++;
    }
    if (!text_to_int32(rest->p, n, &value)) {
        return false;
    }
    *out = (size_t)value;
    *rest = rest_of(*rest, n);
    return true;
}

/* The character behind a comma, unless the comma is followed by the next one at once. */
static bool take_fill(struct word *rest, struct word *fill) {
    uint32_t code;
    size_t len = utf8_decode(rest->p, rest->n, &code);
    if (len > 0 && (len == rest->n || rest->p[len] == ',')) {
        *fill = (struct word){rest->p, len};
        *rest = rest_of(*rest, len);
        return true;
    }
    return rest->n > 0 && rest->p[0] == ',';
}

static bool take_side(struct word rest, bool *right) {
    *right = text_equal_n(",right", rest.p, rest.n);
    return *right || text_equal_n(",left", rest.p, rest.n);
}

bool pad_fill_usable(struct word fill) {
    uint32_t code;
    return fill.n > 0 && utf8_decode(fill.p, fill.n, &code) == fill.n && code >= ' ' &&
           code != 0x7F;
}

bool pad_read(struct word argument, struct pad *out) {
    struct word rest = argument;
    *out = (struct pad){.fill = {" ", 1}};
    if (rest.n == 0 || !take_number(&rest, &out->wanted) || out->wanted > PAD_MAX) {
        return false;
    }
    if (rest.n == 0) {
        return true;
    }
    if (rest.p[0] != ',') {
        return false;
    }
    rest = rest_of(rest, 1);
    return take_fill(&rest, &out->fill) && pad_fill_usable(out->fill) &&
           (rest.n == 0 || take_side(rest, &out->text_right));
}

struct pad_work {
    const struct pad *pad;
    enum pad_unit unit;
    struct word in;
    struct encoder *target;
    struct bytes *out;
    size_t start; /* in `out` */
};

static int32_t add_fill(struct word fill, size_t times, struct bytes *out) {
    int32_t rc = bytes_reserve(out, out->n + times * fill.n);
    if (rc != SHK_OK) {
        return rc;
    }
    for (size_t i = 0; i < times; i++) {
        memcpy(out->p + out->n, fill.p, fill.n);
        out->n += fill.n;
    }
    out->p[out->n] = 0;
    return SHK_OK;
}

static int32_t write_filled(const struct pad_work *w, size_t times) {
    int32_t rc = SHK_OK;
    w->out->n = w->start;
    if (!w->pad->text_right) {
        rc = word_append(w->in, w->out);
    }
    rc = rc == SHK_OK ? add_fill(w->pad->fill, times, w->out) : rc;
    if (rc == SHK_OK && w->pad->text_right) {
        rc = word_append(w->in, w->out);
    }
    return rc;
}

static size_t written_length(const struct pad_work *w) {
    const struct word made = {bytes_text(w->out) + w->start, w->out->n - w->start};
    return w->unit == PAD_BYTES ? target_bytes(w->target, made) : utf8_count(made.p, made.n);
}

/* How often a fill of several bytes fits. Measured, as the first may cost more than the next: ISO-2022-JP
 * changes the set of characters for it. */
static int32_t measure(const struct pad_work *w, size_t *times) {
    int32_t rc = write_filled(w, 1);
    size_t first = written_length(w);
    rc = rc == SHK_OK ? write_filled(w, 2) : rc;
    size_t second = written_length(w);
    *times = 0;
    if (first <= w->pad->wanted && second > first) {
        *times = 1 + (w->pad->wanted - first) / (second - first);
    }
    return rc;
}

int32_t pad_write(const struct pad *pad, enum pad_unit unit, struct word in, struct encoder *target,
                  struct bytes *out) {
    const struct pad_work work = {pad, unit, in, target, out, out->n};
    int32_t rc = write_filled(&work, 0);
    size_t have = rc == SHK_OK ? written_length(&work) : pad->wanted;
    size_t times = have < pad->wanted ? pad->wanted - have : 0;
    if (times == 0) {
        return rc;
    }
    if (unit == PAD_BYTES && pad->fill.n > 1) {
        rc = measure(&work, &times);
    }
    return rc == SHK_OK ? write_filled(&work, times) : rc;
}

bool pad_usable(struct word argument) {
    struct pad unused;
    return pad_read(argument, &unused);
}

int32_t helper_pad(struct word in, struct word argument, struct encoder *target,
                   struct bytes *out) {
    struct pad pad;
    return pad_read(argument, &pad) ? pad_write(&pad, PAD_BYTES, in, target, out) : SHK_E_ARGUMENT;
}

int32_t helper_pad_chars(struct word in, struct word argument, struct encoder *target,
                         struct bytes *out) {
    struct pad pad;
    return pad_read(argument, &pad) ? pad_write(&pad, PAD_CHARS, in, target, out) : SHK_E_ARGUMENT;
}

static bool read_cut(struct word argument, size_t *chars) {
    struct word rest = argument;
    return rest.n > 0 && take_number(&rest, chars) && rest.n == 0 && *chars >= 1 &&
           *chars <= CUT_MAX;
}

bool cut_usable(struct word argument) {
    size_t unused;
    return read_cut(argument, &unused);
}

/* Half-width and combining marks, selectors of a variant form: without it the letter is another one. */
static bool belongs_to_letter(uint32_t code) {
    return code == 0xFF9E || code == 0xFF9F || code == 0x3099 || code == 0x309A ||
           (code >= 0x0300 && code <= 0x036F) || (code >= 0xFE00 && code <= 0xFE0F) ||
           (code >= 0xE0100 && code <= 0xE01EF);
}

/* Bytes of at most that many characters; a letter never loses its mark. */
static size_t cut_length(struct word in, size_t chars) {
    size_t whole = 0, len;
    uint32_t code;
    for (size_t i = 0, count = 0; i < in.n; i += len, count++) {
        len = utf8_decode(in.p + i, in.n - i, &code);
        if (len == 0) {
            return whole;
        }
        whole = belongs_to_letter(code) ? whole : i;
        if (count == chars) {
            return whole;
        }
    }
    return in.n;
}

int32_t helper_cut(struct word in, struct word argument, struct encoder *target,
                   struct bytes *out) {
    size_t chars = 0;
    (void)target;
    if (!read_cut(argument, &chars)) {
        return SHK_E_ARGUMENT;
    }
    return bytes_append(out, in.p, cut_length(in, chars));
}
