/* BER-TLV heads with our own bounds. */
#ifndef CARD_TLV_H
#define CARD_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tlv {
    uint32_t tag;         /* one to three bytes */
    const uint8_t *value; /* borrowed; may be cut by the end of the data, see total */
    size_t len;           /* as the head says */
    size_t total;         /* head and value */
};

/* Reads the head at p[0..n). False when the head is not whole, the form is indefinite or the length
 * is above 65535. The value itself need not be whole: compare total with n. */
bool tlv_head(const uint8_t *p, size_t n, struct tlv *out);

#endif
