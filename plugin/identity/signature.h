/* What the card is asked to sign, and how its answer is checked. */
#ifndef IDENTITY_SIGNATURE_H
#define IDENTITY_SIGNATURE_H

#include "identity.h"

#define SIGNATURE_INPUT_MAX 51
#define ES384_HALF          48
#define ES384_RAW           96 /* r||s */

/* Bytes of a digest for the algorithm of the identity. */
size_t signature_digest_len(const struct identity *id);
/* The input of COMPUTE DIGITAL SIGNATURE over a digest of that length. Bytes written. */
size_t signature_input(const struct identity *id, const uint8_t *digest,
                       uint8_t out[SIGNATURE_INPUT_MAX]);
/* Appends what the card made as it is handed on: PKCS#1 v1.5 for RSA, r||s for P-384, which the card may
 * also give in DER. SHK_E_SIGNATURE unless it verifies under the certificate; SHK_E_MEMORY. */
int32_t signature_take(const struct identity *id, const uint8_t *digest, const uint8_t *made,
                       size_t n, struct bytes *out);
/* SEQUENCE { INTEGER r, INTEGER s } that fills p[0..n), in the one form DER allows, both numbers positive and
 * of at most 48 bytes. */
bool signature_from_der(const uint8_t *p, size_t n, uint8_t raw[ES384_RAW]);

#endif
