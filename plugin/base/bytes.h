/* Bounded memory: a growing byte buffer, wiping, and the few string calls the locale cannot bend. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Owned bytes. p[n] is always a terminating zero once p is not null. All zero is a valid empty one. */
struct bytes {
    uint8_t *p;
    size_t n, cap;
};

/* 0, or SHK_E_MEMORY with the buffer as it was. */
int32_t bytes_append(struct bytes *b, const void *p, size_t n);
int32_t bytes_append_text(struct bytes *b, const char *text);
int32_t bytes_append_byte(struct bytes *b, uint8_t byte);
int32_t bytes_reserve(struct bytes *b, size_t cap);
/* Gives back what it has beyond its content and `spare` more bytes. SHK_E_MEMORY with it as it was. */
int32_t bytes_fit(struct bytes *b, size_t spare);
/* Wipes and frees; the buffer is empty and usable again. */
void bytes_clear(struct bytes *b);
/* The content as text; "" when empty. Borrowed until the next change. */
const char *bytes_text(const struct bytes *b);

/* FNV-1a, to tell texts apart that nobody forges; begin with BYTES_HASH_BEGIN. */
#define BYTES_HASH_BEGIN UINT64_C(14695981039346656037)
uint64_t bytes_hash(uint64_t hash, const void *p, size_t n);
/* Eight bytes at a time, for a table in memory; its high bits are the better ones. */
uint64_t bytes_quick_hash(const void *p, size_t n);

/* Overwrites in a way the compiler keeps. */
void memory_wipe(void *p, size_t n);

/* Copies and terminates; a text that does not fit is cut between UTF-8 characters.
 * Returns the full length of `from`. cap may be 0. */
size_t text_copy(char *to, size_t cap, const char *from);
size_t text_copy_n(char *to, size_t cap, const char *from, size_t n);
/* snprintf without surprises: cut between characters, always terminated. No floating point, no
 * locale-dependent conversions are used with it. */
size_t text_format(char *to, size_t cap, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;
/* A copy on the heap, or null. */
char *text_dup(const char *text);
char *text_dup_n(const char *text, size_t n);
static inline bool text_equal(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}
bool text_equal_n(const char *a, const char *p, size_t n);
bool text_starts(const char *text, const char *prefix);

/* The last component of a file's path, with either kind of separator. Borrowed from it. */
const char *text_file_name(const char *path);

static inline bool char_is_digit(char c) {
    return c >= '0' && c <= '9';
}
/* ASCII space, tab, CR, LF */
static inline bool char_is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
/* Nothing but such characters. */
bool text_is_blank(const char *p, size_t n);
/* Exactly a whole number in decimal with an optional minus and nothing else. */
bool text_to_int64(const char *p, size_t n, int64_t *out);
bool text_to_int32(const char *p, size_t n, int32_t *out);
/* Lower-case hex; out has room for 2*n+1. */
void hex_encode(const uint8_t *p, size_t n, char *out);

#endif
