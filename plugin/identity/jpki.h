/* The exchanges with the application of the certificates (公的個人認証AP), without a judgement on what they
 * bring. One per connection to a card. */
#ifndef IDENTITY_JPKI_H
#define IDENTITY_JPKI_H

#include "card.h"
#include "habits.h"
#include "identity.h"

#define SW_OK 0x9000

struct jpki {
    struct card card;
    const struct identity_rules *rules; /* borrowed */
    struct habits *habits;              /* borrowed; null: none */
    struct log *log;
    struct habit habit;   /* what is done on this reader with this card */
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
/* 'A', 'B' or 'C'. */
char jpki_plan(const struct jpki *j);

/* The certificate in DER. Fewest exchanges first; whatever a reader or card does not know is done without,
 * and remembered. SHK_E_CARD_ANSWER with card.sw when the card refuses. */
int32_t jpki_read_certificate(struct jpki *j, struct bytes *out, struct fault *why);
/* The first 32 bytes of EF 0006, padding removed. False: it cannot be had. */
bool jpki_read_label(struct jpki *j, char label[33]);
/* VERIFY without data: card.sw says the tries left and none is spent. What is sent by jpki_verify names the
 * key as this did. */
int32_t jpki_query(struct jpki *j, struct fault *why);
/* Sends the PIN exactly once and wipes it; card.sw. */
int32_t jpki_verify(struct jpki *j, struct pin *pin, struct fault *why);
/* The same with the reader's keys. */
int32_t jpki_verify_on_pad(struct jpki *j, struct fault *why);
/* COMPUTE DIGITAL SIGNATURE over `input`; the answer is in card.reply. */
int32_t jpki_sign(struct jpki *j, const uint8_t *input, size_t n, struct fault *why);
/* Says something to the card that changes nothing behind a verified PIN. */
int32_t jpki_touch(struct jpki *j, struct fault *why);

#endif
