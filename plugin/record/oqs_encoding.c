#include "oqs_encoding.h"

#include <string.h>

#include "charset.h"
#include "text.h"

#define DECLARATION_MAX 256
#define MARK_MAX        6 /* one byte order mark, and the second one that is refused */

enum encoding { ENCODING_UNSAID, ENCODING_UTF8, ENCODING_CP932, ENCODING_OTHER };

struct source {
    const char *p;
    size_t n;
    size_t declaration_n; /* 0: none */
};

static bool find_bytes(const char *p, size_t n, const char *what, size_t *at) {
    size_t len = strlen(what);
    for (size_t i = *at; i + len <= n; i++) {
        if (memcmp(p + i, what, len) == 0) {
            *at = i;
            return true;
        }
    }
    return false;
}

static size_t skip_space(const char *p, size_t n, size_t at) {
    while (at < n && char_is_space(p[at])) {
        at++;
    }
    return at;
}

static bool same_name(const char *p, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++) {
        char c = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] - 'A' + 'a') : p[i];
        if (name[i] == '\0' || name[i] != c) {
            return false;
        }
    }
    return name[n] == '\0';
}

static enum encoding encoding_named(const char *p, size_t n) {
    static const char *const cp932[] = {"shift_jis", "shift-jis", "sjis",        "x-sjis",
                                        "cp932",     "ms932",     "windows-31j", "csshiftjis"};
    if (same_name(p, n, "utf-8") || same_name(p, n, "utf8")) {
        return ENCODING_UTF8;
    }
    for (size_t i = 0; i < sizeof cp932 / sizeof cp932[0]; i++) {
        if (same_name(p, n, cp932[i])) {
            return ENCODING_CP932;
        }
    }
    return ENCODING_OTHER;
}

static enum encoding declared(const struct source *s) {
    static const char word[] = "encoding";
    size_t at = 0;
    if (!find_bytes(s->p, s->declaration_n, word, &at)) {
        return ENCODING_UNSAID;
    }
    at = skip_space(s->p, s->declaration_n, at + sizeof word - 1);
    if (at >= s->declaration_n || s->p[at] != '=') {
        return ENCODING_OTHER;
    }
    at = skip_space(s->p, s->declaration_n, at + 1);
    char quote = at < s->declaration_n ? s->p[at] : '\0';
    const char *name = s->p + at + 1;
    const char *end =
        quote == '"' || quote == '\'' ? memchr(name, quote, s->declaration_n - at - 1) : NULL;
    return end != NULL ? encoding_named(name, (size_t)(end - name)) : ENCODING_OTHER;
}

/* Both encodings keep ASCII, and '<' is never the second byte of a code page 932 character.
 * *searched: how far there is none. */
static enum encoding by_identifier(const struct source *s, size_t *searched) {
    static const char tag[] = "<CharacterCodeIdentifier>";
    size_t at = *searched;
    if (!find_bytes(s->p, s->n, tag, &at)) {
        *searched = s->n < sizeof tag ? 0 : s->n - (sizeof tag - 2);
        return ENCODING_UNSAID;
    }
    *searched = at;
    at = skip_space(s->p, s->n, at + sizeof tag - 1);
    if (at == s->n) {
        return ENCODING_UNSAID;
    }
    return s->p[at] == '1' ? ENCODING_CP932 : ENCODING_UTF8;
}

int32_t oqs_bad_character(int32_t line, struct fault *why) {
    return fault_set(why, SHK_E_XML_ENCODING, SHK_NATIVE_XML_LINE, line, "character");
}

int32_t oqs_bad_encoding(const char *where, struct fault *why) {
    return fault_set(why, SHK_E_XML_ENCODING, SHK_NATIVE_XML_LINE, 1, where);
}

static int32_t bad_at(const struct source *s, size_t at, struct fault *why) {
    int32_t line = 1;
    for (size_t i = 0; i < at && i < s->n; i++) {
        line += s->p[i] == '\n' ? 1 : 0;
    }
    return oqs_bad_character(line, why);
}

/* Japanese takes three bytes a character in UTF-8. Half-width kana of code page 932 can look like
 * two-byte characters by chance; a whole document of three-byte ones is no chance. */
static bool is_japanese_utf8(const struct source *s) {
    bool wide = false;
    for (size_t at = 0; at < s->n;) {
        uint32_t code = 0;
        size_t len = utf8_decode(s->p + at, s->n - at, &code);
        if (len == 0) {
            return false;
        }
        wide = wide || len >= 3;
        at += len;
    }
    return wide;
}

static int32_t take_utf8(const struct source *s, struct bytes *out, struct fault *why) {
    for (size_t at = 0; at < s->n;) {
        uint32_t code = 0;
        size_t len = utf8_decode(s->p + at, s->n - at, &code);
        if (len == 0) {
            return bad_at(s, at, why);
        }
        at += len;
    }
    int32_t rc = bytes_append(out, s->p, s->n);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int32_t take_cp932(const struct source *s, struct bytes *out, struct fault *why) {
    size_t bad = 0;
    if (is_japanese_utf8(s)) {
        return oqs_bad_encoding("encoding declaration", why);
    }
    int32_t rc = cp932_to_utf8((const uint8_t *)s->p, s->n, out, &bad);
    if (rc == SHK_E_XML_ENCODING) {
        return bad_at(s, bad, why);
    }
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

/* A null byte at once is UTF-16 or UTF-32, or nothing that XML allows. */
static bool is_wide(const uint8_t *p, size_t n) {
    bool mark = n >= 2 && ((p[0] == 0xFE && p[1] == 0xFF) || (p[0] == 0xFF && p[1] == 0xFE));
    return mark || (n >= 2 && (p[0] == 0 || p[1] == 0));
}

static bool has_mark(const char *p, size_t n) {
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    return n >= sizeof mark && memcmp(p, mark, sizeof mark) == 0;
}

/* A declaration without an end must not reach the parser either. *ends false: not seen yet. */
static int32_t find_declaration(struct source *s, bool last, bool *ends, struct fault *why) {
    static const char start[] = "<?xml";
    size_t start_n = sizeof start - 1, end = 0;
    size_t most = s->n < DECLARATION_MAX ? s->n : DECLARATION_MAX;
    if (s->n <= start_n) {
        *ends = last;
        return SHK_OK;
    }
    *ends = true;
    if (memcmp(s->p, start, start_n) != 0 || !char_is_space(s->p[start_n])) {
        return SHK_OK;
    }
    if (find_bytes(s->p, most, "?>", &end)) {
        s->declaration_n = end + 2;
        return SHK_OK;
    }
    *ends = false;
    return last || most == DECLARATION_MAX
               ? fault_set(why, SHK_E_XML, SHK_NATIVE_XML_LINE, 1, "declaration")
               : SHK_OK;
}

static int32_t choose(const struct source *s, bool last, struct oqs_opening *opening,
                      struct fault *why) {
    enum encoding encoding = declared(s);
    if (encoding == ENCODING_UNSAID && opening->mark_n == 0) {
        encoding = by_identifier(s, &opening->searched);
        if (encoding == ENCODING_UNSAID && !last && s->n < OQS_OPENING_MAX) {
            return SHK_OK;
        }
    }
    if (encoding == ENCODING_OTHER || (encoding == ENCODING_CP932 && opening->mark_n > 0)) {
        return oqs_bad_encoding("encoding declaration", why);
    }
    opening->known = true;
    opening->cp932 = encoding == ENCODING_CP932;
    opening->declaration_n = s->declaration_n;
    return SHK_OK;
}

int32_t oqs_open(const uint8_t *p, size_t n, bool last, struct oqs_opening *opening,
                 struct fault *why) {
    bool ends = false;
    if (is_wide(p, n)) {
        return oqs_bad_encoding("UTF-16", why);
    }
    if (n < MARK_MAX && !last) {
        return SHK_OK;
    }
    opening->mark_n = has_mark((const char *)p, n) ? 3 : 0;
    struct source s = {.p = (const char *)p + opening->mark_n, .n = n - opening->mark_n};
    if (opening->mark_n > 0 && has_mark(s.p, s.n)) {
        /* A parser would take this one for the mark, and read the declaration behind it. */
        return oqs_bad_encoding("byte order mark", why);
    }
    int32_t rc = find_declaration(&s, last, &ends, why);
    return rc == SHK_OK && ends ? choose(&s, last, opening, why) : rc;
}

void oqs_blank_declaration(uint8_t *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (p[i] != '\n' && p[i] != '\r') {
            p[i] = ' ';
        }
    }
}

int32_t oqs_decode(const uint8_t *p, size_t n, struct bytes *utf8, bool *was_cp932,
                   struct fault *why) {
    struct oqs_opening opening = {0};
    int32_t rc = oqs_open(p, n, true, &opening, why);
    *was_cp932 = opening.cp932;
    if (rc != SHK_OK) {
        return rc;
    }
    struct source s = {.p = (const char *)p + opening.mark_n, .n = n - opening.mark_n};
    rc = opening.cp932 ? take_cp932(&s, utf8, why) : take_utf8(&s, utf8, why);
    if (rc == SHK_OK) {
        oqs_blank_declaration(utf8->p, opening.declaration_n);
    }
    return rc;
}
