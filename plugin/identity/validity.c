#include "validity.h"

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 4096
#define WRITTEN_S    INT64_C(1767225600) /* 2026-01-01 UTC */

int32_t validity_of_key(const struct certificate_info *info, const struct identity_rules *rules,
                        char algorithm[8], struct fault *why) {
    bool rsa =
        info->kind == KEY_RSA && info->key_bits >= RSA_BITS_MIN && info->key_bits <= RSA_BITS_MAX;
    bool ec = info->kind == KEY_EC_P384 && !rules->no_p384;
    text_copy(algorithm, 8, rsa ? "RS256" : ec ? "ES384" : "");
    return rsa || ec ? SHK_OK
                     : fault_set(why, SHK_E_CERTIFICATE, SHK_NATIVE_NONE, 0, "kind of key");
}

/* A clock that lost its battery starts years ago. It cannot make a good certificate look expired, only
 * not yet valid. */
int32_t validity_of_dates(const struct certificate_info *info, int64_t now_s, struct fault *why) {
    if (now_s > info->not_after_s) {
        return fault_raise(why, SHK_E_CERTIFICATE_EXPIRED);
    }
    if (now_s >= info->not_before_s) {
        return SHK_OK;
    }
    return now_s < WRITTEN_S ? fault_set(why, SHK_E_CLOCK, SHK_NATIVE_NONE, 0, "certificate dates")
                             : fault_raise(why, SHK_E_CERTIFICATE_NOT_YET);
}
