/* PC/SC part 10: what a reader can do, and the PIN that is typed on its own keys. Bytes only, no calls. */
#ifndef PLATFORM_PCSC_PART10_H
#define PLATFORM_PCSC_PART10_H

#include <stddef.h>
#include <stdint.h>

#include "env.h"

/* Control codes; 0: the reader has no such feature. */
struct part10_features {
    uint32_t verify_pin_direct, tlv_properties;
};

#define PART10_VERIFY_MAX 64

/* The answer to the feature request. An answer that is cut short or does not fit together says nothing. */
void part10_features(const uint8_t *p, size_t n, struct part10_features *out);
/* The answer to FEATURE_GET_TLV_PROPERTIES: size and USB numbers into `out`, the rest of it untouched.
 * *no_display: the reader says that it has none. */
void part10_properties(const uint8_t *p, size_t n, struct reader_traits *out, bool *no_display);
/* The attributes vendor name and driver version; what is no text, and no version, stays unknown. */
void part10_vendor(const uint8_t *p, size_t n, struct reader_traits *out);
void part10_version(const uint8_t *p, size_t n, struct reader_traits *out);
/* PIN_VERIFY_STRUCTURE with its VERIFY into out[PART10_VERIFY_MAX]; the length, or 0 when the question is
 * none (digits from 1 to 15, least not above most). */
size_t part10_verify(const struct pad_question *ask, bool no_display, uint8_t *out);

#endif
