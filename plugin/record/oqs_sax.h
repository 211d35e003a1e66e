/* XML as elements that come one after the other; only oqs_xml_sax.c knows the library. */
#ifndef RECORD_OQS_SAX_H
#define RECORD_OQS_SAX_H

#include "bytes.h"
#include "fault.h"

/* Names and texts are borrowed for the call. An attribute follows the start of its element. */
struct oqs_events {
    void (*start)(void *self, const char *name, int32_t line);
    void (*attribute)(void *self, const char *name, const char *p, size_t n, int32_t line);
    void (*end)(void *self, const char *name, int32_t line);
    void (*text)(void *self, const char *p, size_t n, int32_t line);
    bool as_written; /* names keep their prefixes, and namespaces are attributes */
};

/* Sets the library up, once for the process: two threads that use it for the first time at one moment must
 * not both do so. Whoever makes a parser need not call it; the adapters, which use the same library, rely on
 * the session's call. */
void oqs_sax_prepare(void);

struct oqs_sax;
/* SHK_E_MEMORY. */
int32_t oqs_sax_new(const struct oqs_events *events, void *self, struct oqs_sax **out);
/* The next piece: whole UTF-8 characters, no XML declaration. SHK_E_XML with its line, SHK_E_MEMORY;
 * after a fault nothing is told any more and every call gives it again. */
int32_t oqs_sax_push(struct oqs_sax *sax, const char *p, size_t n, struct fault *why);
int32_t oqs_sax_end(struct oqs_sax *sax, struct fault *why);
void oqs_sax_free(struct oqs_sax **sax);

#endif
