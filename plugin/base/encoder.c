#include "encoder.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "jisx0213.h"
#include "shikaku/codes.h"
#include "text.h"

#define PAGE      256
#define CODES_END 0x30000 /* no set but Unicode itself reaches further */
#define CP932_END 0x10000
#define NO_TEXT   0xFFFD /* stands for a byte that is not UTF-8 */
#define GETA      0x3013
#define SHORT     4096

/* What is known of a character: its bytes in the target as a number, or one of these. */
enum { UNKNOWN = 0, LACKS = 1, AS_IT_IS = 2 };

struct encoder {
    enum encoding encoding;
    enum repertoire repertoire;
    struct charset_one *codec; /* null where nothing is made from code page 932 */
    uint16_t geta;
    uint16_t **pages; /* of what is long to find out; null, or null in it: nothing is known yet */
};

static const uint16_t counterparts[][2] = {
    {0x00A2, 0xFFE0}, {0x00A3, 0xFFE1}, {0x00A5, 0xFFE5}, {0x00A6, 0xFFE4}, {0x00AC, 0xFFE2},
    {0x2014, 0x2015}, {0x2016, 0x2225}, {0x203E, 0xFFE3}, {0x2212, 0xFF0D}, {0x301C, 0xFF5E},
};

/* The counterpart in column `to`, or the character itself. */
static uint32_t counterpart(uint32_t code, int to) {
    for (size_t i = 0; i < sizeof counterparts / sizeof counterparts[0]; i++) {
        if (counterparts[i][1 - to] == code) {
            return counterparts[i][to];
        }
    }
    return code;
}

/* In code page 932, 0 when it lacks the character. The yen sign and the overline become their wide
 * forms: as 5C and 7E they would come back as another character, and 5C separates folders. */
static uint16_t ask_cp932(const struct encoder *e, uint32_t code) {
    return charset_one(e->codec, counterpart(code, 1));
}

/* What the platform's converter has said once holds for all encoders of the process. */
static atomic_ushort cp932_codes[CP932_END];

static uint16_t cp932_of(const struct encoder *e, uint32_t code) {
    if (code >= CP932_END) {
        return 0;
    }
    uint16_t known = atomic_load_explicit(&cp932_codes[code], memory_order_relaxed);
    if (known == UNKNOWN) {
        uint16_t made = ask_cp932(e, code);
        known = made != 0 ? made : LACKS;
        atomic_store_explicit(&cp932_codes[code], known, memory_order_relaxed);
    }
    return known != LACKS ? known : 0;
}

static bool is_half_kana(uint32_t code) {
    return code >= 0xFF61 && code <= 0xFF9F;
}

/* Two bytes of code page 932 as row and cell of JIS X 0208, 0x2121 to 0x7426; 0 for half-width katakana
 * and for the rows that NEC, IBM and users added. */
static uint16_t jisx0208_of(uint16_t cp932) {
    unsigned lead = cp932 >> 8, trail = cp932 & 0xFF;
    if (lead == 0) {
        return 0;
    }
    unsigned pair = lead - (lead < 0xA0 ? 0x81 : 0xC1);
    unsigned place = trail - (trail < 0x7F ? 0x40 : 0x41);
    unsigned row = 2 * pair + 1 + place / 94, cell = 1 + place % 94;
    bool ours = row <= 8 || (row >= 16 && row <= 84);
    return ours ? (uint16_t)((row + 0x20) << 8 | (cell + 0x20)) : 0;
}

static bool jisx0213_allows(uint32_t code) {
    return jisx0213_has(code) || jisx0213_has(counterpart(code, 0)) ||
           jisx0213_has(counterpart(code, 1));
}

static bool is_allowed(const struct encoder *e, enum repertoire repertoire, uint32_t code) {
    switch (repertoire) {
    case REPERTOIRE_JIS_X_0208:
        return is_half_kana(code) || jisx0208_of(cp932_of(e, code)) != 0;
    case REPERTOIRE_JIS_X_0213:
        return is_half_kana(code) || jisx0213_allows(code);
    case REPERTOIRE_CP932:
        return cp932_of(e, code) != 0;
    case REPERTOIRE_ASCII:
        return false;
    default:
        return true;
    }
}

/* 0 when the encoding lacks the character. */
static uint16_t encoded(const struct encoder *e, uint32_t code) {
    if (e->encoding == ENCODING_UTF8) {
        return AS_IT_IS;
    }
    uint16_t cp932 = cp932_of(e, code);
    if (e->encoding == ENCODING_CP932) {
        return cp932;
    }
    uint16_t jis = jisx0208_of(cp932);
    if (e->encoding == ENCODING_ISO_2022_JP) {
        return jis;
    }
    return (uint16_t)(is_half_kana(code) ? 0x8E00 | cp932 : jis != 0 ? jis | 0x8080 : 0);
}

static uint16_t find_out(const struct encoder *e, uint32_t code) {
    uint16_t made = is_allowed(e, e->repertoire, code) ? encoded(e, code) : 0;
    return made != 0 ? made : LACKS;
}

/* Without memory for a page the answer is right all the same, and found out again the next time. */
static uint16_t learn(struct encoder *e, uint32_t code) {
    uint16_t made = find_out(e, code);
    if (e->pages == NULL) {
        e->pages = calloc(CODES_END / PAGE, sizeof *e->pages);
    }
    uint16_t **page = e->pages != NULL ? &e->pages[code / PAGE] : NULL;
    if (page != NULL && *page == NULL) {
        *page = calloc(PAGE, sizeof **page);
    }
    if (page != NULL && *page != NULL) {
        (*page)[code % PAGE] = made;
    }
    return made;
}

static bool has_everything(const struct encoder *e) {
    return e->encoding == ENCODING_UTF8 && e->repertoire == REPERTOIRE_ENCODING;
}

/* Of a character that is not ASCII. */
static uint16_t target_of(struct encoder *e, uint32_t code) {
    if (has_everything(e)) {
        return AS_IT_IS;
    }
    if (code >= CODES_END) {
        return LACKS;
    }
    if (e->repertoire != REPERTOIRE_JIS_X_0213) {
        return find_out(e, code);
    }
    const uint16_t *page = e->pages != NULL ? e->pages[code / PAGE] : NULL;
    uint16_t known = page != NULL ? page[code % PAGE] : UNKNOWN;
    return known != UNKNOWN ? known : learn(e, code);
}

/* ESC, SO and SI. */
static bool has_ascii(const struct encoder *e, uint32_t code) {
    bool shifts = code == 0x1B || code == 0x0E || code == 0x0F;
    return !shifts || e->encoding != ENCODING_ISO_2022_JP;
}

bool encoder_has(struct encoder *e, uint32_t code) {
    if (code < 0x80) {
        return has_ascii(e, code);
    }
    char unused[4];
    return utf8_encode(code, unused) > 0 && target_of(e, code) != LACKS;
}

static bool needs_codec(enum encoding encoding, enum repertoire repertoire) {
    return repertoire == REPERTOIRE_JIS_X_0208 || repertoire == REPERTOIRE_CP932 ||
           (encoding != ENCODING_UTF8 && repertoire != REPERTOIRE_ASCII);
}

bool encoder_in(struct encoder *e, enum repertoire repertoire, uint32_t code) {
    if (code < 0x80) {
        return true;
    }
    if (e->codec == NULL && needs_codec(ENCODING_UTF8, repertoire)) {
        e->codec = charset_one_open();
    }
    return (e->codec != NULL || !needs_codec(ENCODING_UTF8, repertoire)) &&
           is_allowed(e, repertoire, code);
}

struct encoder *encoder_new(enum encoding encoding, enum repertoire repertoire) {
    static const uint16_t geta[] = {AS_IT_IS, 0x81AC, 0xA2AE, 0x222E};
    struct encoder *e = calloc(1, sizeof *e);
    if (e == NULL) {
        return NULL;
    }
    e->encoding = encoding;
    e->repertoire = repertoire;
    e->geta = geta[encoding];
    if (needs_codec(encoding, repertoire)) {
        e->codec = charset_one_open();
        if (e->codec == NULL) {
            encoder_free(&e);
        }
    }
    return e;
}

void encoder_free(struct encoder **encoder) {
    struct encoder *e = *encoder;
    if (e == NULL) {
        return;
    }
    for (size_t i = 0; e->pages != NULL && i < CODES_END / PAGE; i++) {
        if (e->pages[i] != NULL) { /* most are not there */
            free(e->pages[i]);
        }
    }
    free(e->pages);
    charset_one_close(&e->codec);
    free(e);
    *encoder = NULL;
}

/* How many bytes from p on are ASCII that needs no look. */
static size_t plain_ascii(const char *p, size_t n) {
    size_t at = 0;
    while (at < n && p[at] >= ' ' && p[at] <= '~') {
        at++;
    }
    return at;
}

/* The length of the character at p, and what is known of it. */
static size_t next_character(struct encoder *e, const char *p, size_t n, uint32_t *code,
                             uint16_t *target) {
    if (*p >= ' ' && *p <= '~') { /* the short way for most of most documents */
        *code = (uint8_t)*p;
        *target = AS_IT_IS;
        return 1;
    }
    *code = utf8_usual_three(p, n);
    if (*code != 0) {
        *target = target_of(e, *code);
        return 3;
    }
    size_t len = utf8_decode(p, n, code);
    if (len == 0) {
        *code = NO_TEXT;
        *target = LACKS;
        return 1;
    }
    if (len == 1) {
        *target = has_ascii(e, *code) ? AS_IT_IS : LACKS;
    } else {
        *target = target_of(e, *code);
    }
    return len;
}

size_t encoder_first_lost(struct encoder *e, const char *p, size_t n, uint32_t *code) {
    for (size_t at = plain_ascii(p, n); at < n;) {
        uint16_t target;
        size_t len = next_character(e, p + at, n - at, code, &target);
        if (target == LACKS) {
            return at;
        }
        at += len;
        at += plain_ascii(p + at, n - at);
    }
    return n;
}

/* A text on its way; without `to` it is only counted. */
struct writing {
    uint8_t *to;
    size_t n;
    bool shifted; /* ISO-2022-JP: two bytes make a character */
};

static void put(struct writing *w, const void *p, size_t n) {
    if (w->to != NULL) {
        memcpy(w->to + w->n, p, n);
    }
    w->n += n;
}

static void put_byte(struct writing *w, uint8_t byte) {
    if (w->to != NULL) {
        w->to[w->n] = byte;
    }
    w->n++;
}

static void shift(struct writing *w, bool on) {
    if (w->shifted != on) {
        put(w, on ? "\x1B$B" : "\x1B(B", 3);
        w->shifted = on;
    }
}

static void put_number(const struct encoder *e, struct writing *w, uint16_t number) {
    shift(w, e->encoding == ENCODING_ISO_2022_JP);
    if (number > 0xFF) {
        put_byte(w, (uint8_t)(number >> 8));
    }
    put_byte(w, (uint8_t)number);
}

static void put_geta(const struct encoder *e, struct writing *w) {
    char utf8[4];
    if (e->geta == AS_IT_IS) {
        put(w, utf8, utf8_encode(GETA, utf8));
    } else {
        put_number(e, w, e->geta);
    }
}

/* What is copied as it stands stays back until something else comes. */
static void write_all(struct encoder *e, struct writing *w, const char *p, size_t n) {
    size_t kept = 0;
    for (size_t at = 0, len; at < n; at += len) {
        uint32_t code;
        uint16_t target;
        at += plain_ascii(p + at, n - at);
        if (at == n) {
            break;
        }
        len = next_character(e, p + at, n - at, &code, &target);
        if (target == AS_IT_IS) {
            continue;
        }
        if (kept < at) {
            shift(w, false);
            put(w, p + kept, at - kept);
        }
        kept = at + len;
        if (target == LACKS) {
            put_geta(e, w);
        } else {
            put_number(e, w, target);
        }
    }
    shift(w, false);
    put(w, p + kept, n - kept);
}

size_t encoder_bytes(struct encoder *e, const char *p, size_t n) {
    struct writing counted = {0};
    write_all(e, &counted, p, n);
    return counted.n;
}

int32_t encoder_write(struct encoder *e, const char *p, size_t n, struct bytes *out) {
    /* What one byte becomes at most: 〓, in ISO-2022-JP with the shifts around it. */
    static const size_t most[] = {[ENCODING_UTF8] = 3,
                                  [ENCODING_CP932] = 2,
                                  [ENCODING_EUC_JP] = 2,
                                  [ENCODING_ISO_2022_JP] = 8};
    if (n > SIZE_MAX / 16 || out->n > SIZE_MAX / 4) {
        return SHK_E_MEMORY;
    }
    /* A short text is not walked over just to learn its length. */
    bool roomy = n <= SHORT && bytes_reserve(out, out->n + most[e->encoding] * n) == SHK_OK;
    int32_t rc = roomy ? SHK_OK : bytes_reserve(out, out->n + encoder_bytes(e, p, n));
    if (rc != SHK_OK) {
        return rc;
    }
    struct writing w = {.to = out->p + out->n};
    write_all(e, &w, p, n);
    out->n += w.n;
    out->p[out->n] = 0;
    return SHK_OK;
}
