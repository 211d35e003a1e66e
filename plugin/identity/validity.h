/* Whether a certificate can be used here and now: its kind of key, and its dates by this machine's clock. */
#ifndef IDENTITY_VALIDITY_H
#define IDENTITY_VALIDITY_H

#include "identity.h"

/* Fills the algorithm: RSA of 2048 to 4096 bits is "RS256", P-384 "ES384" unless rules->no_p384.
 * SHK_E_CERTIFICATE for other keys. */
int32_t validity_of_key(const struct certificate_info *info, const struct identity_rules *rules,
                        char algorithm[8], struct fault *why);
/* SHK_E_CERTIFICATE_EXPIRED, SHK_E_CERTIFICATE_NOT_YET; SHK_E_CLOCK instead of the latter when the clock
 * stands before this software was written. */
int32_t validity_of_dates(const struct certificate_info *info, int64_t now_s, struct fault *why);

#endif
