/* What the orca adapter was told in one delivery, read apart from the adapter. */
#ifndef FUZZ_ORCA_TOLD_H
#define FUZZ_ORCA_TOLD_H

#include "orca_xml.h"
#include "reply_host.h"

enum { OF_GET, OF_LOCK, OF_CHECK, KEPT };

struct orca_told {
    struct orca_xml *kept[KEPT]; /* the last answers of these calls */
    char lock[64];               /* the last one */
    bool locked;                 /* and not given back */
    bool unread;                 /* a search or a reading gave nothing that is known */
    bool asked;                  /* a question came last */
    bool person;                 /* the same person is there */
    bool sent_new;               /* the registration may have been taken */
    bool done_new;
    bool written, seen; /* the last writing was taken; the patient was read after it */
};
extern struct orca_told told;

/* An answer that came. */
void told_take(const shk_http_request *rq, const struct reply *reply);
/* Forgets all. */
void told_end(void);
/* The element below the root; null without a document. */
const orca_node *told_node(const struct orca_xml *xml);
/* The document of these bytes, or null; freed by the caller. */
struct orca_xml *told_read(const uint8_t *p, size_t n);

#endif
