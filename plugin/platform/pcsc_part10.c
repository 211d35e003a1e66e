#include "pcsc_part10.h"

#include <string.h>

#include "text.h"

#define FEATURE_VERIFY_PIN_DIRECT  0x06
#define FEATURE_GET_TLV_PROPERTIES 0x12
#define PROPERTY_DISPLAY           0x01 /* lines and columns */
#define PROPERTY_MAX_APDU_SIZE     0x0A
#define PROPERTY_USB_VENDOR        0x0B
#define PROPERTY_USB_PRODUCT       0x0C

#define APDU_SHORT_MAX    256u
#define APDU_EXTENDED_MAX 0x10000u

/* One entry: tag, length, value. */
struct entry {
    uint8_t tag, len;
    const uint8_t *value;
};

static bool whole(const uint8_t *p, size_t n) {
    size_t at = 0;
    while (n - at >= 2 && n - at - 2 >= p[at + 1]) {
        at += 2 + (size_t)p[at + 1];
    }
    return at == n;
}

/* The next entry of an answer that is whole. */
static bool next(const uint8_t *p, size_t n, size_t *at, struct entry *out) {
    if (*at >= n) {
        return false;
    }
    *out = (struct entry){p[*at], p[*at + 1], p + *at + 2};
    *at += 2 + (size_t)out->len;
    return true;
}

static uint32_t big_endian(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t little_endian(const uint8_t *p, size_t n) {
    uint32_t value = 0;
    for (size_t i = n; i > 0; i--) {
        value = value << 8 | p[i - 1];
    }
    return value;
}

void part10_features(const uint8_t *p, size_t n, struct part10_features *out) {
    struct entry e;
    *out = (struct part10_features){0};
    if (!whole(p, n)) {
        return;
    }
    for (size_t at = 0; next(p, n, &at, &e);) {
        if (e.len == 4 && e.tag == FEATURE_VERIFY_PIN_DIRECT) {
            out->verify_pin_direct = big_endian(e.value);
        } else if (e.len == 4 && e.tag == FEATURE_GET_TLV_PROPERTIES) {
            out->tlv_properties = big_endian(e.value);
        }
    }
}

static void take_size(uint32_t size, struct reader_traits *out) {
    out->says_size = size <= APDU_EXTENDED_MAX;
    out->apdu_max = out->says_size && size > APDU_SHORT_MAX ? size : 0;
}

void part10_properties(const uint8_t *p, size_t n, struct reader_traits *out, bool *no_display) {
    struct entry e;
    *no_display = false;
    if (!whole(p, n)) {
        return;
    }
    for (size_t at = 0; next(p, n, &at, &e);) {
        if (e.tag == PROPERTY_MAX_APDU_SIZE && e.len == 4) {
            take_size(little_endian(e.value, 4), out);
        } else if (e.tag == PROPERTY_USB_VENDOR && e.len == 2) {
            out->usb_vendor = (uint16_t)little_endian(e.value, 2);
        } else if (e.tag == PROPERTY_USB_PRODUCT && e.len == 2) {
            out->usb_product = (uint16_t)little_endian(e.value, 2);
        } else if (e.tag == PROPERTY_DISPLAY && e.len == 2) {
            *no_display = little_endian(e.value, 2) == 0;
        }
    }
}

static bool is_plain(const char *p, size_t n) {
    bool plain = utf8_valid(p, n);
    for (size_t i = 0; i < n; i++) {
        plain = plain && (uint8_t)p[i] >= 0x20 && p[i] != 0x7F;
    }
    return plain;
}

void part10_vendor(const uint8_t *p, size_t n, struct reader_traits *out) {
    const char *text = (const char *)p;
    size_t len = 0;
    while (len < n && text[len] != '\0') {
        len++;
    }
    while (len > 0 && text[len - 1] == ' ') {
        len--;
    }
    if (is_plain(text, len)) {
        text_copy_n(out->vendor, sizeof out->vendor, text, len);
    }
}

void part10_version(const uint8_t *p, size_t n, struct reader_traits *out) {
    uint32_t version = 0;
    if (n >= sizeof version) {
        memcpy(&version, p, sizeof version);
    }
    if (version != 0) {
        text_format(out->driver_version, sizeof out->driver_version, "%u.%u.%u", version >> 24,
                    version >> 16 & 0xFFu, version & 0xFFFFu);
    }
}

/* Positions in the packed structure, the same on every platform. */
enum {
    AT_TIMER_OUT = 0,
    AT_TIMER_OUT2 = 1, /* after the first key */
    AT_FORMAT_STRING = 2,
    AT_BLOCK_STRING = 3,
    AT_LENGTH_FORMAT = 4,
    AT_EXTRA_DIGIT = 5, /* 2 bytes: most, then least */
    AT_ENTRY_VALIDATION = 7,
    AT_NUMBER_MESSAGE = 8,
    AT_LANG_ID = 9, /* 2 bytes */
    AT_DATA_LENGTH =
        15, /* 4 bytes, after the message's index and three bytes of T=1 prologue, all 0 */
    AT_DATA = 19,
};

/* ASCII digits, left justified, at offset 0 behind Lc. The unit of the offset is of no importance at 0;
 * bytes is what most programs send. */
#define FORMAT_ASCII 0x82
/* No length of the PIN inside the block, so nothing about its place. */
#define LENGTH_FORMAT_NONE 0x00
/* Complete when the confirmation key is pressed. Readers without such a key would need bit 0 (all digits
 * typed) too, but with both bits some readers send before a mistyped last digit can be taken back. */
#define ENTRY_ON_KEY 0x02
/* The reader's own words; some readers without a display refuse to show any. */
#define MESSAGE_DEFAULT   0xFF
#define MESSAGE_NONE      0x00
#define LANGUAGE_JAPANESE 0x0411u
#define DIGITS_MAX        15   /* the size of the block has four bits */
#define BLANK             0xFF /* where the digits will stand: never a PIN */

static void put_little_endian(uint8_t *p, uint32_t value, size_t n) {
    for (size_t i = 0; i < n; i++) {
        p[i] = (uint8_t)(value >> 8 * i);
    }
}

/* With a fixed number of digits the command is laid out whole, Lc and room for them. With a variable one
 * only its four bytes go out: the reader adds Lc and as many digits as were typed. */
static size_t put_command(const struct pad_question *ask, uint8_t *out) {
    memcpy(out, ask->head, sizeof ask->head);
    if (ask->least != ask->most) {
        return sizeof ask->head;
    }
    out[sizeof ask->head] = ask->most;
    memset(out + sizeof ask->head + 1, BLANK, ask->most);
    return sizeof ask->head + 1 + ask->most;
}

size_t part10_verify(const struct pad_question *ask, bool no_display, uint8_t *out) {
    if (ask->least == 0 || ask->least > ask->most || ask->most > DIGITS_MAX) {
        return 0;
    }
    memset(out, 0, PART10_VERIFY_MAX);
    uint8_t seconds = (uint8_t)(ask->timeout_s > UINT8_MAX ? UINT8_MAX
                                : ask->timeout_s > 0       ? ask->timeout_s
                                                           : 0);
    out[AT_TIMER_OUT] = seconds;
    out[AT_TIMER_OUT2] = seconds;
    out[AT_FORMAT_STRING] = FORMAT_ASCII;
    out[AT_BLOCK_STRING] = ask->least == ask->most ? ask->most : 0;
    out[AT_LENGTH_FORMAT] = LENGTH_FORMAT_NONE;
    put_little_endian(out + AT_EXTRA_DIGIT, (uint32_t)ask->least << 8 | ask->most, 2);
    out[AT_ENTRY_VALIDATION] = ENTRY_ON_KEY;
    out[AT_NUMBER_MESSAGE] = no_display ? MESSAGE_NONE : MESSAGE_DEFAULT;
    put_little_endian(out + AT_LANG_ID, LANGUAGE_JAPANESE, 2);
    size_t n = put_command(ask, out + AT_DATA);
    put_little_endian(out + AT_DATA_LENGTH, (uint32_t)n, 4);
    return AT_DATA + n;
}
