#include "app_stray.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "text.h"

#define SHOWN_MAX    24 /* characters of a name */
#define SHOWN_DIGITS 2

bool app_is_showable(const char *name) {
    size_t digits = 0;
    for (const char *p = name; *p != '\0'; p++) {
        digits += char_is_digit(*p) ? 1 : 0;
    }
    return name[0] != '\0' && digits <= SHOWN_DIGITS && utf8_count(name, strlen(name)) <= SHOWN_MAX;
}

bool app_looks_like_heading(const char *name) {
    static const char *const endings[] = {"情報", "証", "券", "書", "区分", "一覧", "見出し", "】"};
    size_t n = strlen(name);
    const char *bracket = strchr(name, '(');
    n = bracket != NULL && name[n - 1] == ')' ? (size_t)(bracket - name) : n;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t len = strlen(endings[i]);
        if (n >= len && memcmp(name + n - len, endings[i], len) == 0) {
            return app_is_showable(name);
        }
    }
    return false;
}

static bool is_ascii_letter(uint32_t code) {
    return (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
}

/* Dashes, dots, brackets and frames; not 々, 〇 and the marks for missing characters. */
static bool is_ornament(uint32_t code) {
    static const struct {
        uint32_t from, to;
    } marks[] = {{0x00A0, 0x00BF}, {0x2010, 0x205E}, {0x2500, 0x259F},
                 {0x3008, 0x3011}, {0x3014, 0x3020}, {0x30FB, 0x30FB}};
    if (code < 0x80) {
        return !is_ascii_letter(code) && !char_is_digit((char)code);
    }
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (code >= marks[i].from && code <= marks[i].to) {
            return true;
        }
    }
    return false;
}

/* A name that was too long to be read ("") is none. */
static bool is_ornamental(const char *name) {
    bool only = name[0] != '\0';
    size_t left = strlen(name);
    while (only && left > 0) {
        uint32_t code = 0;
        size_t len = utf8_decode(name, left, &code);
        only = len > 0 && is_ornament(code);
        name += len;
        left -= len;
    }
    return only;
}

bool app_may_be_a_rest(const char *name) {
    static const char note[] = "※";
    return !text_starts(name, note) && !is_ornamental(name);
}
