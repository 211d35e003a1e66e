/* The answers of a scripted HTTP, out of an input. */
#ifndef FUZZ_HTTP_STEPS_H
#define FUZZ_HTTP_STEPS_H

#include "fuzz.h"
#include "http_fake.h"

#define HTTP_STEPS_MAX 8

/* Eats the whole input: for each answer a byte for how the call ends (0: with an answer), for the status, for the type
 * and for what else there is (1 Date, 2 Retry-After, 4 a delay, 8 a stream that breaks), those numbers of four bytes
 * each, and a piece that is the body. Returns how many there are; their texts point into the input. */
size_t http_steps(struct fuzz_input *in, struct http_fake_step out[HTTP_STEPS_MAX]);

/* The bytes that this answer consists of. */
struct fuzz_input http_step_body(const struct http_fake_step *step);

#endif
