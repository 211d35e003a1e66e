#include "bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shikaku/codes.h"
#include "text.h"

int32_t bytes_reserve(struct bytes *b, size_t cap) {
    if (cap < b->cap) {
        return SHK_OK;
    }
    if (cap > SIZE_MAX / 4) {
        return SHK_E_MEMORY;
    }
    size_t grown = b->cap < 64 ? 64 : b->cap;
    while (grown <= cap) {
        grown *= 2;
    }
    /* Not realloc: the old block may hold what must not stay in free memory. */
    uint8_t *p = malloc(grown);
    if (p == NULL) {
        return SHK_E_MEMORY;
    }
    if (b->n > 0) {
        memcpy(p, b->p, b->n);
    }
    p[b->n] = 0;
    if (b->p != NULL) {
        memory_wipe(b->p, b->cap);
        free(b->p);
    }
    b->p = p;
    b->cap = grown;
    return SHK_OK;
}

int32_t bytes_fit(struct bytes *b, size_t spare) {
    size_t cap = b->n + spare + 1;
    if (cap >= b->cap) {
        return SHK_OK;
    }
    uint8_t *p = malloc(cap);
    if (p == NULL) {
        return SHK_E_MEMORY;
    }
    size_t n = b->n;
    memcpy(p, b->p, n + 1);
    bytes_clear(b);
    *b = (struct bytes){p, n, cap};
    return SHK_OK;
}

int32_t bytes_append(struct bytes *b, const void *p, size_t n) {
    if (n > SIZE_MAX / 4 - b->n) {
        return SHK_E_MEMORY;
    }
    int32_t rc = bytes_reserve(b, b->n + n);
    if (rc != SHK_OK) {
        return rc;
    }
    if (n > 0) {
        memcpy(b->p + b->n, p, n);
    }
    b->n += n;
    b->p[b->n] = 0;
    return SHK_OK;
}

int32_t bytes_append_text(struct bytes *b, const char *text) {
    return bytes_append(b, text, strlen(text));
}

int32_t bytes_append_byte(struct bytes *b, uint8_t byte) {
    return bytes_append(b, &byte, 1);
}

void bytes_clear(struct bytes *b) {
    if (b->p != NULL) {
        memory_wipe(b->p, b->cap);
        free(b->p);
    }
    *b = (struct bytes){0};
}

uint64_t bytes_hash(uint64_t hash, const void *p, size_t n) {
    const uint8_t *byte = p;
    for (size_t i = 0; i < n; i++) {
        hash = (hash ^ byte[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

uint64_t bytes_quick_hash(const void *p, size_t n) {
    const uint64_t factor = UINT64_C(0x9E3779B97F4A7C15);
    const uint8_t *byte = p;
    uint64_t hash = n, part = 0;
    for (; n >= sizeof part; byte += sizeof part, n -= sizeof part) {
        memcpy(&part, byte, sizeof part);
        hash = (hash ^ part) * factor;
        hash ^= hash >> 32;
    }
    for (part = 0; n > 0; n--) {
        part = part << 8 | byte[n - 1];
    }
    return (hash ^ part) * factor;
}

const char *bytes_text(const struct bytes *b) {
    return b->p != NULL ? (const char *)b->p : "";
}

/* Called through a pointer that may change, so that the compiler cannot leave it out. */
static void *(*const volatile fill)(void *, int, size_t) = memset;

void memory_wipe(void *p, size_t n) {
    if (n > 0) {
        fill(p, 0, n);
    }
}

size_t text_copy_n(char *to, size_t cap, const char *from, size_t n) {
    if (cap > 0) {
        size_t fits = n < cap ? n : utf8_cut(from, n, cap - 1);
        memmove(to, from, fits);
        to[fits] = '\0';
    }
    return n;
}

size_t text_copy(char *to, size_t cap, const char *from) {
    return text_copy_n(to, cap, from, strlen(from));
}

size_t text_format(char *to, size_t cap, const char *format, ...) {
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(to, cap, format, ap);
    va_end(ap);
    if (n < 0) {
        if (cap > 0) {
            to[0] = '\0';
        }
        return 0;
    }
    if (cap > 0 && (size_t)n >= cap) {
        to[utf8_cut(to, cap - 1, cap - 1)] = '\0';
    }
    return (size_t)n;
}

char *text_dup_n(const char *text, size_t n) {
    char *copy = n < SIZE_MAX ? malloc(n + 1) : NULL;
    if (copy != NULL) {
        memcpy(copy, text, n);
        copy[n] = '\0';
    }
    return copy;
}

char *text_dup(const char *text) {
    return text_dup_n(text, strlen(text));
}

bool text_equal_n(const char *a, const char *p, size_t n) {
    return strlen(a) == n && memcmp(a, p, n) == 0;
}

bool text_starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

const char *text_file_name(const char *path) {
    const char *name = path;
    for (const char *p = path; *p != '\0'; p++) {
        if (*p == '/' || *p == '\\') {
            name = p + 1;
        }
    }
    return name;
}

bool text_is_blank(const char *p, size_t n) {
    size_t i = 0;
    while (i < n && char_is_space(p[i])) {
        i++;
    }
    return i == n;
}

bool text_to_int64(const char *p, size_t n, int64_t *out) {
    bool minus = n > 0 && p[0] == '-';
    size_t i = minus ? 1 : 0;
    if (i == n || n - i > 18) {
        return false;
    }
    int64_t value = 0;
    for (; i < n; i++) {
        if (!char_is_digit(p[i])) {
            return false;
        }
        value = value * 10 + (p[i] - '0');
    }
    *out = minus ? -value : value;
    return true;
}

bool text_to_int32(const char *p, size_t n, int32_t *out) {
    int64_t value = 0;
    if (!text_to_int64(p, n, &value) || value < INT32_MIN || value > INT32_MAX) {
        return false;
    }
    *out = (int32_t)value;
    return true;
}

void hex_encode(const uint8_t *p, size_t n, char *out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
}
