/* Reading a bulk result person by person, in memory that does not grow with its length. */
#ifndef RECORD_OQS_BULK_H
#define RECORD_OQS_BULK_H

#include "record.h"
#include "stream.h"

/* What a bulk answer says as a whole. */
struct oqs_bulk_head {
    char reception_number[64];
    char institution_code[16], file_identifier[64], confirmation_date[11];
    int32_t segment;                   /* SegmentOfResult; 0: not sent */
    int32_t processed, normal, errors; /* -1: not sent */
    size_t strays; /* unknown elements behind the last person; others are drift of the next one */
};

/* Each person as a set of its own, with the header's values in it; several results of one person are
 * records of that set. The receiver owns the set. Its first code that is not SHK_OK ends the reading.
 * A unit whose values cannot be read comes with a null set and its fault, and the next one follows.
 * Nobody is given before the header has said that the file ended normally: persons that stand before
 * the header wait for it, 256 and 4 MiB of them at most (else SHK_E_XML or SHK_E_ANSWER_TOO_LARGE), and
 * those of a file that is pending or refused are not given at all. */
struct oqs_bulk_receiver {
    int32_t (*unit)(void *self, size_t number, struct record_set *set, const struct fault *unread,
                    struct fault *why);
    void *self;
};

struct oqs_bulk;
/* Also reads a result of one person and gives it as unit 1. SHK_E_MEMORY. */
int32_t oqs_bulk_new(const struct oqs_options *options, const struct oqs_bulk_receiver *to,
                     struct oqs_bulk **out);
/* The next piece of the document, of any size. SHK_E_XML…, the receiver's own codes. After a fault every
 * call gives it again. */
int32_t oqs_bulk_push(struct oqs_bulk *bulk, const uint8_t *p, size_t n, struct fault *why);
/* The document is over: SHK_E_XML when it is not whole, SHK_E_ANSWER_PENDING, SHK_E_ANSWER_REFUSED,
 * SHK_E_XML_FOREIGN. */
int32_t oqs_bulk_end(struct oqs_bulk *bulk, struct oqs_bulk_head *head, struct fault *why);
void oqs_bulk_free(struct oqs_bulk **bulk);

#endif
