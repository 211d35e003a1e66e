#include "token.h"

#define SW_END          0x6282
#define SW_NO_FILE_NOW  0x6986
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

/* Behind a question without a result: a card that gave no answer at all is spoken to once more, to learn
 * what happened to it. */
static int32_t still_answers(struct jpki *j, struct fault *why) {
    return j->card.sw != 0 ? SHK_OK : jpki_query(j, why);
}

int32_t token_ask(struct jpki *j, int32_t *kind, struct fault *why) {
    char label[33];
    *kind = SHK_CARD_UNKNOWN;
    if (jpki_read_label(j, label)) {
        *kind = token_of_label(label);
        return SHK_OK;
    }
    return still_answers(j, why);
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

static bool is_unknown(uint16_t sw) {
    return sw == SW_NO_FILE || sw == SW_NO_REFERENCE || sw == SW_NO_FILE_NOW;
}

struct token_refusal token_refusal_of(const struct card *card) {
    bool read = card->sw == SW_OK || card->sw == SW_END;
    return (struct token_refusal){
        .sw = card->sw,
        .blank = read && is_blank(card->reply, card->reply_len),
        .empty = (read || card->sw == SW_PAST_END) && card->reply_len == 0,
    };
}

int32_t token_judge(struct jpki *j, const struct token_refusal *refusal, int32_t *code,
                    struct fault *why) {
    uint8_t available[3];
    bool told = jpki_read_available(j, available);
    bool none = told && available[AUTHENTICATION] != IS_PRESENT;
    /* When not even EF 0008 is known, nothing of the application is. */
    bool gone = !told && (is_unknown(j->card.sw) || is_unknown(refusal->sw));
    int32_t rc = told ? SHK_OK : still_answers(j, why);
    if (none || refusal->blank || (told ? is_unknown(refusal->sw) : refusal->empty)) {
        *code = SHK_E_NO_CERTIFICATE;
    } else {
        *code = gone ? SHK_E_CARD_RESET : SHK_E_CARD_ANSWER;
    }
    return rc;
}

int32_t token_is_there(struct jpki *j, bool *there, struct fault *why) {
    uint8_t available[3];
    *there = jpki_read_available(j, available);
    return *there ? SHK_OK : still_answers(j, why);
}
