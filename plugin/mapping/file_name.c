#include "file_name.h"

#include <string.h>

#include "text.h"

bool file_name_allows(uint8_t byte) {
    return byte >= 0x20 && byte != 0x7F && strchr("/\\:*?\"<>|", byte) == NULL;
}

static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool same_word(const char *p, size_t n, const char *word) {
    if (strlen(word) != n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (upper(p[i]) != word[i]) {
            return false;
        }
    }
    return true;
}

/* COM1 to COM9 and LPT1 to LPT9, with 0 and the superscript digits that Windows also takes. */
static bool is_port(const char *p, size_t n) {
    if (n < 4 || (!same_word(p, 3, "COM") && !same_word(p, 3, "LPT"))) {
        return false;
    }
    uint32_t code;
    size_t len = utf8_decode(p + 3, n - 3, &code);
    return len == n - 3 &&
           ((code >= '0' && code <= '9') || code == 0xB9 || code == 0xB2 || code == 0xB3);
}

/* Windows takes a device's name for the device whatever the extension is. */
static bool is_device(const char *name, size_t n) {
    static const char *const devices[] = {"CON",    "PRN",    "AUX",    "NUL",
                                          "CLOCK$", "CONIN$", "CONOUT$"};
    const char *dot = memchr(name, '.', n);
    size_t stem = dot != NULL ? (size_t)(dot - name) : n;
    while (stem > 0 && name[stem - 1] == ' ') {
        stem--;
    }
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++) {
        if (same_word(name, stem, devices[i])) {
            return true;
        }
    }
    return is_port(name, stem);
}

/* Control characters above ASCII, and the marks that turn the reading direction of a name. */
static bool is_treacherous(uint32_t code) {
    return (code >= 0x80 && code <= 0x9F) || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           code == 0xFEFF;
}

static bool characters_usable(const char *name, size_t n) {
    uint32_t code;
    for (size_t i = 0, len; i < n; i += len) {
        len = utf8_decode(name + i, n - i, &code);
        if (len == 0 || (code < 0x80 && !file_name_allows((uint8_t)code)) || is_treacherous(code)) {
            return false;
        }
        if (i + 1 < n && name[i] == '.' && name[i + 1] == '.') {
            return false;
        }
    }
    return true;
}

static bool edge_usable(const char *name, size_t n) {
    return name[0] != '.' && name[0] != ' ' && name[n - 1] != '.' && name[n - 1] != ' ';
}

bool file_name_usable(const char *name, size_t n) {
    return n > 0 && n <= FILE_NAME_MAX && edge_usable(name, n) && characters_usable(name, n) &&
           !is_device(name, n);
}
