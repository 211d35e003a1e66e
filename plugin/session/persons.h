/* The persons of one input, one after the other: the host reads each in peace before the next. */
#ifndef SESSION_PERSONS_H
#define SESSION_PERSONS_H

#include "app.h"
#include "session.h"

struct persons {
    struct session *s;
    const char *source; /* literal, for the value "source" */
    size_t n;
    struct fault first; /* of all of them, those of deliveries too */
    bool unsafe;        /* one of them failed and is kept nowhere */
    /* Refuses what was read; may be null. */
    bool (*accept)(const struct session *s, const struct record_set *set);
};

/* The next one. Takes the set over; null, or `unread` with a code, is a person that could not be read. With
 * SHK_EVENT_NEXT before it unless it is the first. SHK_E_CANCELLED; SHK_E_APP_CONTRADICTION for a second
 * one where nobody can go on to it (shk_check). */
int32_t persons_take(struct persons *p, struct record_set *set, const struct fault *unread);

/* Every text of the app that stands in these bytes (UTF-8, with a byte order mark or without, or code
 * page 932). SHK_E_CANCELLED. Several are a contradiction where nobody can go on to the next
 * (shk_check). */
int32_t persons_take_app(struct persons *p, const uint8_t *bytes, size_t n,
                         const struct app_words *words);

/* The words of the reader with the clinic's own. */
int32_t persons_words(const struct session *s, struct app_words **out, struct fault *why);
/* The bytes (UTF-8, UTF-16 with a mark, else code page 932) as UTF-8. SHK_E_XML_ENCODING, SHK_E_MEMORY. */
int32_t persons_decode(const uint8_t *p, size_t n, struct bytes *out);

#endif
