#include "token.h"

#define SW_END          0x6282
#define SW_NO_FILE      0x6A82
#define SW_NO_REFERENCE 0x6A88
#define SW_PAST_END     0x6B00
#define IS_PRESENT      0x8F
#define AUTHENTICATION  1 /* byte of EF 0008 */

int32_t token_of_label(const char *label) {
    static const struct {
        const char *label;
        int32_t kind;
    } rows[] = {
        {"JPKIAPICCTOKEN2", SHK_CARD_MYNUMBER},
        {"JPKIAPICCTOKEN", SHK_CARD_JUKI},
        {"JPKIAPGPSETOKEN", SHK_CARD_ANDROID},
        {"JPKIAPIOSTOKEN", SHK_CARD_IPHONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text_equal(label, rows[i].label)) {
            return rows[i].kind;
        }
    }
    return SHK_CARD_UNKNOWN;
}

int32_t token_ask(struct jpki *j, int32_t *kind, struct fault *why) {
    char label[33];
    *kind = SHK_CARD_UNKNOWN;
    if (jpki_read_label(j, label)) {
        *kind = token_of_label(label);
        return SHK_OK;
    }
    if (j->card.sw != 0) {
        return SHK_OK;
    }
    /* No answer at all: the next command tells what happened. */
    return jpki_query(j, why);
}

bool token_is_phone(int32_t kind) {
    return kind == SHK_CARD_ANDROID || kind == SHK_CARD_IPHONE;
}

int32_t token_phone_allowed(int32_t kind, const struct identity_rules *rules, struct fault *why) {
    bool allowed =
        rules->phone == PHONE_ANY || (rules->phone == PHONE_ANDROID && kind == SHK_CARD_ANDROID);
    return allowed ? SHK_OK : fault_raise(why, SHK_E_PHONE_REFUSED);
}

/* Bytes of a file that nobody wrote. */
static bool is_blank(const uint8_t *p, size_t n) {
    bool blank = n > 0 && (p[0] == 0xFF || p[0] == 0x00);
    for (size_t i = 1; blank && i < n; i++) {
        blank = p[i] == p[0];
    }
    return blank;
}

struct token_refusal token_refusal_of(const struct card *card) {
    bool read = card->sw == SW_OK || card->sw == SW_END;
    return (struct token_refusal){
        .sw = card->sw,
        .absent = card->sw == SW_NO_FILE || card->sw == SW_NO_REFERENCE ||
                  (read && is_blank(card->reply, card->reply_len)),
        .empty = (read || card->sw == SW_PAST_END) && card->reply_len == 0,
    };
}

bool token_has_no_certificate(struct jpki *j, const struct token_refusal *refusal) {
    uint8_t available[3];
    if (refusal->absent) {
        return true;
    }
    return jpki_read_available(j, available) ? available[AUTHENTICATION] != IS_PRESENT
                                             : refusal->empty;
}
