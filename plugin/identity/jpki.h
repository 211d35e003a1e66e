/* The exchanges with the application of the certificates (公的個人認証AP), without a judgement on what they
 * bring. One per connection to a card. */
#ifndef IDENTITY_JPKI_H
#define IDENTITY_JPKI_H

#include "card.h"
#include "habits.h"
#include "identity.h"

#define SW_OK 0x9000

/* How things are asked of this card on this reader. */
struct jpki_ways {
    bool known; /* the rest was made up for this card */
    bool extended, short_ids, short_verify, short_sign;
};

/* The form of VERIFY: the file of the PIN is selected before, or named in the command. */
enum jpki_pin_form { PIN_FORM_UNKNOWN, PIN_FORM_SELECTED, PIN_FORM_SHORT };

struct jpki {
    struct card card;
    const struct identity_rules *rules; /* borrowed */
    struct habits *habits;              /* borrowed; null: none */
    struct log *log;
    struct reader_traits traits; /* of the reader and the card, once they matter */
    struct habit habit;          /* what was remembered of them */
    struct jpki_ways ways;
    enum jpki_pin_form pin_form; /* which the card has answered; the PIN is sent in no other */
    bool pin_sent;               /* in this connection: losing it would lose a verified PIN */
    char plan;
    uint16_t selected;    /* EF; 0 unknown */
    int32_t apdus_before; /* of the connections before this one, within one read */
};

int32_t jpki_init(struct jpki *j, const struct env *env, const struct identity_rules *rules,
                  struct habits *habits, struct log *log);
void jpki_clear(struct jpki *j);

/* Connects, begins the transaction, selects the application. `again` counts on within one read. */
int32_t jpki_open(struct jpki *j, const char *reader, bool again, struct fault *why);
void jpki_close(struct jpki *j);
int32_t jpki_apdus(const struct jpki *j);
/* How the certificate was read: 'C' with one extended READ by short file identifier, 'B' with short
 * identifiers, 'A' by selecting files. */
char jpki_plan(const struct jpki *j);

/* The certificate in DER. Fewest exchanges first; whatever a reader or card does not know is done without,
 * and remembered. A driver that fails over the long command costs a new connection, so that one is tried
 * behind a PIN only where it has been seen to work. SHK_E_CARD_ANSWER with card.sw when the card refuses;
 * the answer to the simplest form is still in card.reply then. */
int32_t jpki_read_certificate(struct jpki *j, struct bytes *out, struct fault *why);
/* The first 32 bytes of EF 0006, padding removed. False: it cannot be had; card.sw says why, 0 without an
 * answer. */
bool jpki_read_label(struct jpki *j, char label[33]);
/* EF 0008: which certificates are there, for signing [0] and for authentication [1]; 8F is "present".
 * False as above. */
bool jpki_read_available(struct jpki *j, uint8_t out[3]);
/* VERIFY without data: card.sw says the tries left and none is spent; or why the PIN's file cannot be asked.
 * What is sent by jpki_verify names the file as this did. SHK_E_CARD_RESET when the card does not know any
 * more what it has answered before. */
int32_t jpki_query(struct jpki *j, struct fault *why);
/* Sends the PIN exactly once and wipes it; card.sw. SHK_E_STATE when no query was answered. */
int32_t jpki_verify(struct jpki *j, struct pin *pin, struct fault *why);
/* The same with the reader's keys. */
int32_t jpki_verify_on_pad(struct jpki *j, struct fault *why);
/* COMPUTE DIGITAL SIGNATURE over `input`; the answer is in card.reply. */
int32_t jpki_sign(struct jpki *j, const uint8_t *input, size_t n, struct fault *why);
/* Says something to the card that changes nothing behind a verified PIN. */
int32_t jpki_touch(struct jpki *j, struct fault *why);

#endif
