#include "pack_new_name.h"

#include <string.h>

#include "fold.h"
#include "shikaku/codes.h"
#include "text.h"

#define NUMBER_MAX  99
#define WIDE_FIRST  0xFF01u /* the full-width form of '!' */
#define WIDE_LAST   0xFF5Eu
#define WIDE_OFFSET 0xFEE0u

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_letter(char c) {
    return is_upper(c) || is_lower(c);
}

static bool is_separator(uint32_t code) {
    static const uint32_t others[] = {U'、', U'。', U'「', U'」', U'【', U'】', U'〔',
                                      U'〕', U'・', U'･',  U'｡',  U'｢',  U'｣',  U'､',
                                      U'※',  U'★',  U'☆',  U'○',  U'◎',  U'■',  U'□',
                                      U'〈', U'〉', U'《', U'》', U'『', U'』'};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (code == others[i]) {
            return true;
        }
    }
    bool word = code >= 0x80 || is_letter((char)code) || char_is_digit((char)code) || code == '%';
    return !word || code == 0x3000 || code == 0xA0 || code == 0xFEFF;
}

/* A word of the narrow form ends before p[at]: PatientName, IDNumber, 患者ID. */
static bool word_ends(const char *p, size_t n, size_t at) {
    char before = p[at - 1], here = p[at];
    bool next_lower = at + 1 < n && is_lower(p[at + 1]);
    return (is_upper(here) && (is_lower(before) || (is_upper(before) && next_lower))) ||
           (((uint8_t)here < 0x80) != ((uint8_t)before < 0x80));
}

static int32_t mark_edges(struct pack_name *name, size_t from) {
    static const uint8_t inside = 0, edge = 1;
    int32_t rc = SHK_OK;
    name->edge.n = from;
    for (size_t i = from; rc == SHK_OK && i <= name->text.n; i++) {
        bool ends = i == from || i == name->text.n;
        rc = bytes_append_byte(&name->edge, ends ? edge : inside);
    }
    return rc;
}

static int32_t add_word(const char *p, size_t n, struct pack_name *out) {
    size_t from = out->text.n;
    int32_t rc = fold_kana(p, n, &out->text);
    return rc == SHK_OK && out->text.n > from ? mark_edges(out, from) : rc;
}

static int32_t add_words(const char *p, size_t n, struct pack_name *out) {
    size_t begin = 0;
    int32_t rc = SHK_OK;
    for (size_t i = 0; rc == SHK_OK && i < n;) {
        uint32_t code;
        size_t len = utf8_decode(p + i, n - i, &code);
        bool separator = len == 0 || is_separator(code);
        if (separator || (i > begin && word_ends(p, n, i))) {
            rc = add_word(p + begin, i - begin, out);
            begin = i;
        }
        i += len > 0 ? len : 1;
        begin = separator ? i : begin;
    }
    return rc == SHK_OK ? add_word(p + begin, n - begin, out) : rc;
}

void pack_name_clear(struct pack_name *name) {
    bytes_clear(&name->text);
    bytes_clear(&name->edge);
    *name = (struct pack_name){0};
}

static bool has_edge(const struct pack_name *name, size_t at) {
    return at >= name->edge.n || name->edge.p[at] != 0;
}

/* A cut between letters of the alphabet must be one between words. */
static bool may_cut(const struct pack_name *name, size_t at) {
    const char *p = bytes_text(&name->text);
    bool run = at > 0 && at < name->text.n && is_letter(p[at - 1]) && is_letter(p[at]);
    return !run || has_edge(name, at);
}

size_t pack_name_find(const struct pack_name *name, const struct pack_name *part, size_t from) {
    size_t n = part->text.n;
    for (size_t at = from; n > 0 && at + n <= name->text.n; at++) {
        if (memcmp(name->text.p + at, part->text.p, n) == 0 && may_cut(name, at) &&
            may_cut(name, at + n)) {
            return at;
        }
    }
    return SIZE_MAX;
}

bool pack_name_equal(const struct pack_name *a, const struct pack_name *b) {
    return a->text.n == b->text.n && a->text.n > 0 && memcmp(a->text.p, b->text.p, a->text.n) == 0;
}

static void cut(struct pack_name *name, size_t at, size_t n) {
    size_t rest = name->text.n - at - n;
    memmove(name->text.p + at, name->text.p + at + n, rest);
    memmove(name->edge.p + at, name->edge.p + at + n, rest + 1);
    name->text.n -= n;
    name->edge.n -= n;
    name->text.p[name->text.n] = 0;
    name->edge.p[at] = 1;
}

int32_t pack_name_without(const struct pack_name *name, size_t at, size_t n,
                          struct pack_name *out) {
    *out = (struct pack_name){.hints = name->hints};
    int32_t rc = bytes_append(&out->text, name->text.p, name->text.n);
    rc = rc == SHK_OK ? bytes_append(&out->edge, name->edge.p, name->edge.n) : rc;
    if (rc == SHK_OK) {
        cut(out, at, n);
    } else {
        pack_name_clear(out);
    }
    return rc;
}

int32_t pack_name_append(struct pack_name *name, const struct pack_name *more) {
    size_t from = name->text.n;
    if (more->text.n == 0) {
        return SHK_OK;
    }
    int32_t rc = bytes_append(&name->text, more->text.p, more->text.n);
    rc = rc == SHK_OK ? mark_edges(name, from) : rc;
    if (rc == SHK_OK) {
        memcpy(name->edge.p + from, more->edge.p, more->edge.n);
        name->hints |= more->hints;
    }
    return rc;
}

/* ---- hints ---- */

struct hint_word {
    const char *word; /* folded */
    uint32_t hint;
    bool alone; /* only as a word of its own: 割 is part of 負担割合 */
};

static const struct hint_word hint_words[] = {
    {"和暦", PACK_HINT_ERA, false},
    {"元号", PACK_HINT_ERA, false},
    {"西暦", PACK_HINT_WESTERN, false},
    {"YYYYMMDD", PACK_HINT_DIGITS8, true},
    {"全角", PACK_HINT_WIDE, false},
    {"半角", PACK_HINT_NARROW, false},
    {"漢字", 0, false},
    {"必須", 0, true},
    {"任意", 0, true},
    {"%", 0, true},
    {"割", 0, true},
};

static bool is_digit_at(const struct pack_name *name, size_t at) {
    return at < name->text.n && char_is_digit((char)name->text.p[at]);
}

/* "8桁", "40バイト" of the length at `at`; 0: there is none. */
static size_t length_word(const struct pack_name *name, size_t at) {
    static const char *const units[] = {"桁", "バイト", "文字"};
    size_t digits = 0;
    while (is_digit_at(name, at + digits)) {
        digits++;
    }
    for (size_t i = 0; digits > 0 && i < sizeof units / sizeof units[0]; i++) {
        size_t n = strlen(units[i]);
        if (at + digits + n <= name->text.n &&
            memcmp(name->text.p + at + digits, units[i], n) == 0) {
            return digits + n;
        }
    }
    return 0;
}

/* Nothing is taken when nothing else would be left. */
static void drop_lengths(struct pack_name *name, size_t from) {
    for (size_t at = from; at < name->text.n; at++) {
        size_t n = at == 0 || !is_digit_at(name, at - 1) ? length_word(name, at) : 0;
        if (n > 0 && n < name->text.n - from) {
            cut(name, at, n);
        }
    }
}

static void take_hint(struct pack_name *name, size_t from, const struct hint_word *hint) {
    size_t n = strlen(hint->word);
    for (size_t at = from; at + n <= name->text.n; at++) {
        bool here = memcmp(name->text.p + at, hint->word, n) == 0 &&
                    (!hint->alone || (has_edge(name, at) && has_edge(name, at + n)));
        if (here && n < name->text.n - from) {
            cut(name, at, n);
            name->hints |= hint->hint;
        }
    }
}

/* "YYYY/MM/DD" came apart into words and is no hint of its own. */
static void take_hints(struct pack_name *name, size_t from) {
    for (size_t i = 0; i < sizeof hint_words / sizeof hint_words[0]; i++) {
        take_hint(name, from, &hint_words[i]);
    }
    drop_lengths(name, from);
}

/* Full-width letters, digits and signs as ASCII, so that words can be told apart; what is no UTF-8 goes. */
static int32_t narrow(const char *p, size_t n, struct bytes *out) {
    int32_t rc = SHK_OK;
    for (size_t i = 0, len; rc == SHK_OK && i < n; i += len) {
        uint32_t code = ' ';
        len = utf8_decode(p + i, n - i, &code);
        if (code >= WIDE_FIRST && code <= WIDE_LAST) {
            rc = bytes_append_byte(out, (uint8_t)(code - WIDE_OFFSET));
        } else {
            rc = bytes_append(out, len > 0 ? p + i : " ", len > 0 ? len : 1);
        }
        len = len > 0 ? len : 1;
    }
    return rc;
}

int32_t pack_name_fold(const char *p, size_t n, struct pack_name *out) {
    struct bytes ascii = {0};
    size_t from = out->text.n;
    int32_t rc = narrow(p, n, &ascii);
    rc = rc == SHK_OK ? add_words(bytes_text(&ascii), ascii.n, out) : rc;
    bytes_clear(&ascii);
    if (rc == SHK_OK) {
        take_hints(out, from);
    }
    return rc;
}

/* ---- numbers ---- */

static int32_t kanji_number(const char *p, size_t n) {
    static const char *const digits[] = {"一", "二", "三", "四", "五"};
    for (int32_t i = 0; n >= 3 && i < (int32_t)(sizeof digits / sizeof digits[0]); i++) {
        if (memcmp(p, digits[i], 3) == 0) {
            return i + 1;
        }
    }
    return 0;
}

static int32_t read_number(struct pack_name *name, size_t at, size_t n) {
    int32_t number = 0;
    bool ok = text_to_int32(bytes_text(&name->text) + at, n, &number) && number > 0 &&
              number <= NUMBER_MAX && n < name->text.n;
    if (ok) {
        cut(name, at, n);
    }
    return ok ? number : 0;
}

static int32_t number_in_front(struct pack_name *name) {
    static const char mark[] = "第";
    size_t mark_n = sizeof mark - 1, digits = 0;
    size_t skip = text_starts(bytes_text(&name->text), mark) ? mark_n : 0;
    while (is_digit_at(name, skip + digits)) {
        digits++;
    }
    int32_t number =
        skip > 0 ? kanji_number(bytes_text(&name->text) + skip, name->text.n - skip) : 0;
    if (number > 0 && name->text.n > skip + 3) {
        cut(name, 0, skip + 3);
        return number;
    }
    number = digits > 0 ? read_number(name, skip, digits) : 0;
    if (number > 0 && skip > 0) {
        cut(name, 0, skip);
    }
    return number;
}

int32_t pack_name_take_number(struct pack_name *name) {
    size_t digits = 0;
    while (digits < name->text.n && is_digit_at(name, name->text.n - 1 - digits)) {
        digits++;
    }
    int32_t number = digits > 0 ? read_number(name, name->text.n - digits, digits) : 0;
    return number > 0 ? number : number_in_front(name);
}
