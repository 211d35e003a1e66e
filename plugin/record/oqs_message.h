/* The few words of an OQS message that steer a route, of any kind of message. */
#ifndef RECORD_OQS_MESSAGE_H
#define RECORD_OQS_MESSAGE_H

#include "record.h"

struct oqs_message {
    char institution_code[16], file_identifier[64], date[9], reception_number[64];
    int32_t segment; /* SegmentOfResult; 0: not sent */
    int32_t status;  /* ProcessingResultStatus of a body without persons; 0: not sent */
    bool has_search; /* QualificationConfirmSearchInfo is there once: its values follow, as sent */
    char insurer_number[16], symbol[128], number[128], branch_number[8], birth_date[16];
    char arbitrary_identifier[128];
    char error_code[64]; /* ErrorCode or ProcessingResultCode */
};

/* True when the bytes are one whole well-formed XmlMsg of at most 4 MiB; what is longer than its place is
 * cut. Never faults for what it does not know. */
bool oqs_message_read(const uint8_t *p, size_t n, struct oqs_message *out);

/* One person of a 照会番号 registration's result. */
struct oqs_registered {
    char reference_number[256];
    int32_t status; /* ProcessingResultStatus: 1 registered */
    char code[64];
};
/* The persons of a registration's answer (siimm01res or muimm02res). SHK_E_XML, SHK_E_XML_FOREIGN,
 * SHK_E_ANSWER_PENDING, SHK_E_ANSWER_REFUSED, SHK_E_MEMORY. *out is the caller's to free with free(). */
int32_t oqs_registered_read(const uint8_t *p, size_t n, struct oqs_registered **out, size_t *out_n,
                            struct fault *why);

#endif
