/* A line of JSON that answers a question: one object with the members "answer" and "take". */
#include <string.h>

#include "match.h"
#include "utf8.h"

struct text {
    const char *p;
    size_t left;
};

static void skip_space(struct text *t) {
    while (t->left > 0 && (*t->p == ' ' || *t->p == '\t' || *t->p == '\r' || *t->p == '\n')) {
        t->p++;
        t->left--;
    }
}

static bool take_mark(struct text *t, char mark) {
    skip_space(t);
    if (t->left == 0 || *t->p != mark) {
        return false;
    }
    t->p++;
    t->left--;
    return true;
}

static bool append(char *out, size_t cap, const char *p, size_t n) {
    size_t used = strlen(out);
    if (n >= cap - used) {
        return false;
    }
    memcpy(out + used, p, n);
    out[used + n] = '\0';
    return true;
}

static bool read_hex(struct text *t, uint32_t *out) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    *out = 0;
    for (int i = 0; i < 4; i++) {
        const char *at = t->left > 0 && *t->p != '\0' ? strchr(digits, *t->p) : NULL;
        if (at == NULL) {
            return false;
        }
        *out = *out << 4 | (uint32_t)((at - digits) & 15);
        t->p++;
        t->left--;
    }
    return true;
}

/* Behind "\u": a character, of two halves where the first one says so. */
static bool read_code(struct text *t, uint32_t *out) {
    uint32_t low = 0;
    if (!read_hex(t, out)) {
        return false;
    }
    if (*out < 0xD800 || *out > 0xDBFF) {
        return true;
    }
    if (t->left < 2 || t->p[0] != '\\' || t->p[1] != 'u') {
        return false;
    }
    t->p += 2;
    t->left -= 2;
    bool pair = read_hex(t, &low) && low >= 0xDC00 && low <= 0xDFFF;
    *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
    return pair;
}

static bool read_escape(struct text *t, char *out, size_t cap) {
    static const char marks[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char character[5];
    uint32_t code = 0;
    const char *at = t->left > 0 && *t->p != '\0' ? strchr(marks, *t->p) : NULL;
    if (at != NULL) {
        t->p++;
        t->left--;
        return append(out, cap, &meant[at - marks], 1);
    }
    if (!take_mark(t, 'u') || !read_code(t, &code)) {
        return false;
    }
    utf8_write(code, character);
    return character[0] != '\0' && append(out, cap, character, strlen(character));
}

/* Into out, which must have room for it; appends. */
static bool read_string(struct text *t, char *out, size_t cap) {
    if (!take_mark(t, '"')) {
        return false;
    }
    while (t->left > 0 && *t->p != '"') {
        uint32_t c;
        size_t n = utf8_next(t->p, t->left, &c);
        const char *at = t->p;
        if (n == 0 || c < 0x20) {
            return false;
        }
        t->p += n;
        t->left -= n;
        if (c == '\\' ? !read_escape(t, out, cap) : !append(out, cap, at, n)) {
            return false;
        }
    }
    return take_mark(t, '"');
}

/* Paths, as one text with commas; none at all is "none". */
static bool read_array(struct text *t, char *out, size_t cap) {
    if (take_mark(t, ']')) {
        return append(out, cap, "none", 4);
    }
    do {
        if ((out[0] != '\0' && !append(out, cap, ",", 1)) || !read_string(t, out, cap)) {
            return false;
        }
    } while (take_mark(t, ','));
    return take_mark(t, ']');
}

static bool read_member(struct text *t, struct match_choice *out) {
    char name[16] = "";
    if (!read_string(t, name, sizeof name) || !take_mark(t, ':')) {
        return false;
    }
    if (strcmp(name, "answer") == 0 && out->answer[0] == '\0') {
        return read_string(t, out->answer, sizeof out->answer);
    }
    if (strcmp(name, "take") != 0 || out->take[0] != '\0') {
        return false;
    }
    return take_mark(t, '[') ? read_array(t, out->take, sizeof out->take)
                             : read_string(t, out->take, sizeof out->take);
}

bool match_read_line(const char *line, size_t n, struct match_choice *out) {
    struct text t = {line, n};
    bool good = take_mark(&t, '{');
    out->answer[0] = out->take[0] = '\0';
    do {
        good = good && read_member(&t, out);
    } while (good && take_mark(&t, ','));
    good = good && take_mark(&t, '}');
    skip_space(&t);
    return good && t.left == 0 && out->answer[0] != '\0';
}
