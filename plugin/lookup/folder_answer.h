/* Whether what lies in res is the answer to a certain question. */
#ifndef LOOKUP_FOLDER_ANSWER_H
#define LOOKUP_FOLDER_ANSWER_H

#include "folder_terminal.h"

enum folder_form { FOLDER_XML, FOLDER_ZIP, FOLDER_FORMS };

enum folder_verdict {
    FOLDER_TORN,      /* not one whole message, or not yet */
    FOLDER_NO_ANSWER, /* a whole message, but a question: the request come back */
    FOLDER_FOREIGN,   /* answers someone else's question */
    FOLDER_OURS
};

enum folder_step {
    FOLDER_RESULT,    /* of one person: must be tied to the question by more than its name */
    FOLDER_ACCEPTED,  /* a reception number */
    FOLDER_REGISTERED /* of a registration: holds no entitlement */
};

struct folder_expected {
    enum folder_step step;
    const char *institution_code;
    const struct posted *posted;    /* its file identifier's hash */
    const struct card_data *search; /* null: no person is asked for */
};

/* Judges a message; its words in *out. */
enum folder_verdict folder_judge(const struct folder_expected *expected, const uint8_t *p, size_t n,
                                 struct oqs_message *out);
/* The XML of what was read: itself, or unpacked. SHK_E_ARCHIVE, SHK_E_ANSWER_TOO_LARGE, SHK_E_MEMORY. */
int32_t folder_unpack(enum folder_form form, const struct bytes *raw, struct bytes *xml,
                      struct fault *why);
/* The header's words are of the expected institution and file identifier, or silent. */
bool folder_header_fits(const struct folder_expected *expected, const struct oqs_message *m);
bool folder_is_answer(const struct oqs_message *m);

#endif
