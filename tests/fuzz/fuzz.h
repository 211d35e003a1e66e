/* What a fuzz target is built on. fuzz_NAME.c defines fuzz_one; entry.c calls it from libFuzzer and from the
 * replay. Behind an input may stand a trailer that says which calls of the system and of libraries fail meanwhile
 * (wrap.h): the target does not see it, but what it demands of a good answer holds only while !fuzz_failed(). */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One input. Ends by fuzz_must or a sanitizer where the product is wrong. */
void fuzz_one(const uint8_t *p, size_t n);

/* Aborts with `what` on stderr unless good. */
void fuzz_must(bool good, const char *what);

/* As fuzz_must, but forgiven once a call was made to fail. */
void fuzz_should(bool good, const char *what);

/* Was a call made to fail by this input so far? */
bool fuzz_failed(void);
/* Set-up and judgement of the target itself stand between fuzz_faults(false) and fuzz_faults(true). On when fuzz_one
 * is called. */
void fuzz_faults(bool on);
/* A target may define it: the kinds of calls (wrap.h) that never fail for it. */
extern const uint32_t fuzz_spared;

/* An input, eaten from its front. What is asked for beyond its end is 0, or empty. */
struct fuzz_input {
    const uint8_t *p;
    size_t n;
};

uint8_t fuzz_byte(struct fuzz_input *in);
/* 4 bytes, the highest first. */
uint32_t fuzz_number(struct fuzz_input *in);
/* 0 to `end` - 1; end > 0. One byte of input where that is enough. */
uint32_t fuzz_below(struct fuzz_input *in, uint32_t end);
/* At most n bytes, of the input itself. */
struct fuzz_input fuzz_bytes(struct fuzz_input *in, size_t n);
/* What stands before the next FF, or all of it; that byte is eaten too. */
struct fuzz_input fuzz_piece(struct fuzz_input *in);
/* A piece as text, cut at `room` - 1 bytes and at its first NUL. Returns its length. */
size_t fuzz_text(struct fuzz_input *in, char *out, size_t room);

#endif
