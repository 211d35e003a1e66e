/* The four attributes of the card's holder (氏名・住所・生年月日・性別) from the 券面事項入力補助 application, opened with
 * 照合番号B or with its PIN. */
#ifndef IDENTITY_ATTRIBUTES_H
#define IDENTITY_ATTRIBUTES_H

#include "identity.h"

struct attributes {
    struct bytes name, address; /* UTF-8 as the card has them */
    char birth_date[9];         /* YYYYMMDD */
    char sex;                   /* '1' male, '2' female, '9' not applicable, '0' unknown */
};
void attributes_clear(struct attributes *a); /* wipes */

/* What the card says of the tries left of that number or PIN. */
struct attributes_tries {
    int32_t left;   /* -1: not known, or without a limit: */
    bool unlimited; /* the card counts none */
};

struct log;
struct attributes_card;

/* `kind` SHK_PIN_TEXT or SHK_PIN_CODE_B: what opens them. SHK_E_ARGUMENT, SHK_E_MEMORY. */
int32_t attributes_new(const struct env *env, struct log *log, int32_t kind,
                       struct attributes_card **out);
void attributes_free(struct attributes_card **card); /* null is accepted */

/* The session calls: open, keep*, read, again while tries are left; finish on every path. */

/* Opens the card on the reader, selects the application, asks for the tries left. Begins the transaction that
 * finish ends. SHK_E_NOT_MYNUMBER, SHK_E_CODE_BLOCKED, SHK_E_ATTRIBUTES for a card without that number or PIN,
 * card faults. */
int32_t attributes_open(struct attributes_card *a, const char *reader,
                        struct attributes_tries *tries, struct fault *why);
/* Asks for the tries once more: notices a card that was taken away, and keeps an idle transaction from
 * being reset. */
int32_t attributes_keep(struct attributes_card *a, struct attributes_tries *tries,
                        struct fault *why);
/* Sends what was typed once and wipes it, on every path; then reads the one file and nothing else.
 * SHK_E_CODE_WRONG (*tries is new), SHK_E_CODE_BLOCKED; with nothing sent SHK_E_PIN_SAME when it was wrong since
 * open, SHK_E_PIN_LAST_TRY when one try or an unknown number is left and !spend_last_try, SHK_E_PIN_FORMAT,
 * SHK_E_CODE_FORMAT; SHK_E_ATTRIBUTES when the file is not as it should be; card faults. *out is empty then. */
int32_t attributes_read(struct attributes_card *a, struct pin *pin, bool spend_last_try,
                        struct attributes *out, struct attributes_tries *tries, struct fault *why);
/* Powers the card down and lets it go. Never fails. */
void attributes_finish(struct attributes_card *a);
/* APDUs sent since open began. */
int32_t attributes_apdus(const struct attributes_card *a);

/* attributes_read.c: the file's content, FF20{DF21 offsets, DF22 name, DF23 address, DF24 birth date, DF25 sex};
 * what is behind it is filler. Objects that are not known are passed over. SHK_E_ATTRIBUTES, SHK_E_MEMORY. */
int32_t attributes_parse(const uint8_t *p, size_t n, struct attributes *out, struct fault *why);
#define ATTRIBUTES_TAG 0xFF20

#endif
