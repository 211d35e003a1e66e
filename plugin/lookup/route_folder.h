/* The parts of the folder route that route_folder.c puts together. */
#ifndef LOOKUP_ROUTE_FOLDER_H
#define LOOKUP_ROUTE_FOLDER_H

#include "folder_wait.h"

int32_t folder_bulk_send(void *self, const struct bulk_question *q,
                         char reception[RECEPTION_NUMBER_MAX], const struct watch *watch,
                         struct fault *why);
int32_t folder_bulk_fetch(void *self, const struct bulk_question *q, const char *reception,
                          const struct byte_sink *sink, int32_t *wait_s, const struct watch *watch,
                          struct fault *why);
int32_t folder_registration(void *self, const struct bulk_question *q, struct bytes *answer,
                            const struct watch *watch, struct fault *why);

/* Sends `what`, or goes on waiting for it, until its result is there. */
int32_t folder_exchange(struct terminal *t, const struct posting *what, const struct turn *turn,
                        struct folder_expected *expected, struct bytes *xml,
                        struct oqs_message *message, struct fault *why);

/* Which final result a reception number stands for. */
struct fetching {
    const char *message; /* "muquc02", "muimm02" */
    const char *institution_code, *reception;
    const struct byte_sink *sink;
};
/* Asks for it once, or goes on waiting for what was asked. SHK_E_ANSWER_PENDING: the service is still
 * working; nothing was given. */
int32_t folder_fetch(struct terminal *t, const struct fetching *what, const struct turn *turn,
                     struct fault *why);

#endif
