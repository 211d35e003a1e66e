/* Which kind of token has the application of the certificates: a card of today, the card before it, a phone.
 * The usual card answers everything without these questions; they are asked when something is odd. */
#ifndef IDENTITY_TOKEN_H
#define IDENTITY_TOKEN_H

#include "jpki.h"

/* SHK_CARD_ of a label of EF 0006, padding removed. */
int32_t token_of_label(const char *label);
/* Asks the card. SHK_CARD_UNKNOWN: it does not say. A fault when the card is not there any more. */
int32_t token_ask(struct jpki *j, int32_t *kind, struct fault *why);
bool token_is_phone(int32_t kind);
/* SHK_E_PHONE_REFUSED when the configuration does not take this kind of phone. */
int32_t token_phone_allowed(int32_t kind, const struct identity_rules *rules, struct fault *why);

/* What the last answer of the card says when it was to give its certificate. */
struct token_refusal {
    uint16_t sw;
    bool blank; /* a file that was never written */
    bool empty; /* nothing came */
};
struct token_refusal token_refusal_of(const struct card *card);
/* What that means, with what EF 0008 says: *code is SHK_E_NO_CERTIFICATE, SHK_E_CARD_RESET when the
 * application is not there any more, or SHK_E_CARD_ANSWER. A fault when the card is not there any more. */
int32_t token_judge(struct jpki *j, const struct token_refusal *refusal, int32_t *code,
                    struct fault *why);
/* Whether the application is still the selected one. A fault as above. */
int32_t token_is_there(struct jpki *j, bool *there, struct fault *why);

#endif
