/* A reader without keys that tells its USB numbers; its driver knows nothing else of PC/SC part 10. */
#include "service.h"

#include <string.h>

#define CM_FEATURE_REQUEST SCARD_CTL_CODE(3400)
#define CM_PROPERTIES      SCARD_CTL_CODE(3500)
#define FEATURE_PROPERTIES 0x12
#define VERSION            0x01020003u

static LONG give(const void *from, DWORD n, BYTE *out, DWORD cap, DWORD *got) {
    if (n > cap) {
        return ERROR_INSUFFICIENT_BUFFER;
    }
    memcpy(out, from, n);
    *got = n;
    return SCARD_S_SUCCESS;
}

LONG features_control(DWORD code, BYTE *out, DWORD cap, DWORD *got) {
    static const BYTE features[] = {FEATURE_PROPERTIES,        4,
                                    CM_PROPERTIES >> 24,       CM_PROPERTIES >> 16 & 0xFF,
                                    CM_PROPERTIES >> 8 & 0xFF, CM_PROPERTIES & 0xFF};
    /* wIdVendor 054C and wIdProduct 0DC8, the low byte first. */
    static const BYTE properties[] = {0x0B, 2, 0x4C, 0x05, 0x0C, 2, 0xC8, 0x0D};
    switch (code) {
    case CM_FEATURE_REQUEST:
        return give(features, sizeof features, out, cap, got);
    case CM_PROPERTIES:
        return give(properties, sizeof properties, out, cap, got);
    default:
        return ERROR_INVALID_FUNCTION;
    }
}

LONG features_attribute(const struct reader *r, DWORD id, BYTE *out, DWORD *len) {
    static const DWORD version = VERSION;
    size_t atr_len = 0;
    const BYTE *atr = r->card != NULL ? vcard_atr(r->card, &atr_len) : NULL;
    switch (id) {
    case SCARD_ATTR_VENDOR_NAME:
        return give("Mihon", sizeof "Mihon", out, *len, len);
    case SCARD_ATTR_VENDOR_IFD_VERSION:
        return give(&version, sizeof version, out, *len, len);
    case SCARD_ATTR_ATR_STRING:
        return atr != NULL ? give(atr, (DWORD)atr_len, out, *len, len) : SCARD_W_REMOVED_CARD;
    default:
        return ERROR_NOT_SUPPORTED;
    }
}
