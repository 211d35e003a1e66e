#include "oqs.h"

#include <string.h>

#include "charset.h"
#include "text.h"

#define DECLARATION_MAX 256

enum encoding { ENCODING_UNSAID, ENCODING_UTF8, ENCODING_CP932, ENCODING_OTHER };

struct source {
    const char *p;
    size_t n;
    size_t declaration_n; /* 0: none */
};

static bool find_bytes(const char *p, size_t n, const char *what, size_t *at) {
    size_t len = strlen(what);
    for (size_t i = 0; i + len <= n; i++) {
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

/* Both encodings keep ASCII, and '<' is never the second byte of a code page 932 character. */
static enum encoding by_identifier(const struct source *s) {
    static const char tag[] = "<CharacterCodeIdentifier>";
    size_t at = 0;
    if (!find_bytes(s->p, s->n, tag, &at)) {
        return ENCODING_UNSAID;
    }
    at = skip_space(s->p, s->n, at + sizeof tag - 1);
    return at < s->n && s->p[at] == '1' ? ENCODING_CP932 : ENCODING_UTF8;
}

static int32_t bad_at(const struct source *s, size_t at, struct fault *why) {
    int32_t line = 1;
    for (size_t i = 0; i < at && i < s->n; i++) {
        line += s->p[i] == '\n' ? 1 : 0;
    }
    return fault_set(why, SHK_E_XML_ENCODING, SHK_NATIVE_XML_LINE, line, "character");
}

static int32_t refuse(const char *where, struct fault *why) {
    return fault_set(why, SHK_E_XML_ENCODING, SHK_NATIVE_XML_LINE, 1, where);
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
        return refuse("encoding declaration", why);
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

/* False for a declaration without an end, which the parser must not see either. */
static bool find_declaration(struct source *s) {
    size_t end = 0, most = s->n < DECLARATION_MAX ? s->n : DECLARATION_MAX;
    if (s->n < 6 || memcmp(s->p, "<?xml", 5) != 0 || !char_is_space(s->p[5])) {
        return true;
    }
    bool ends = find_bytes(s->p, most, "?>", &end);
    s->declaration_n = ends ? end + 2 : 0;
    return ends;
}

/* The declaration is ASCII, so it has the same length in both encodings. */
static void blank_declaration(struct bytes *utf8, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (utf8->p[i] != '\n' && utf8->p[i] != '\r') {
            utf8->p[i] = ' ';
        }
    }
}

static int32_t decode(const struct source *s, bool has_mark, struct bytes *utf8, bool *was_cp932,
                      struct fault *why) {
    enum encoding encoding = declared(s);
    if (encoding == ENCODING_UNSAID && !has_mark) {
        encoding = by_identifier(s);
    }
    if (encoding == ENCODING_OTHER || (encoding == ENCODING_CP932 && has_mark)) {
        return refuse("encoding declaration", why);
    }
    *was_cp932 = encoding == ENCODING_CP932;
    int32_t rc = *was_cp932 ? take_cp932(s, utf8, why) : take_utf8(s, utf8, why);
    if (rc == SHK_OK) {
        blank_declaration(utf8, s->declaration_n);
    }
    return rc;
}

int32_t oqs_decode(const uint8_t *p, size_t n, struct bytes *utf8, bool *was_cp932,
                   struct fault *why) {
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};
    *was_cp932 = false;
    if (is_wide(p, n)) {
        return refuse("UTF-16", why);
    }
    bool has_mark = n >= sizeof mark && memcmp(p, mark, sizeof mark) == 0;
    size_t skipped = has_mark ? sizeof mark : 0;
    struct source s = {.p = (const char *)p + skipped, .n = n - skipped};
    if (has_mark && s.n >= sizeof mark && memcmp(s.p, mark, sizeof mark) == 0) {
        /* A parser would take this one for the mark, and read the declaration behind it. */
        return refuse("byte order mark", why);
    }
    if (!find_declaration(&s)) {
        return fault_set(why, SHK_E_XML, SHK_NATIVE_XML_LINE, 1, "declaration");
    }
    return decode(&s, has_mark, utf8, was_cp932, why);
}
