/* The JSON of the http adapter. */
#ifndef HOST_ADAPTERS_HTTP_JSON_H
#define HOST_ADAPTERS_HTTP_JSON_H

#include "shikaku/adapter.h"

/* {"name": "…", …} of the fields, terminated, on the heap; null: out of memory. The caller frees. */
char *http_json_question(const shk_field *asked, uint32_t n);

/* Tells of each patient of {"patients": [{"id": "…", "name": "…", …}, …]}. Members that are no strings are
 * passed over; an id may be a whole number. SHK_E_HOST_ANSWER when it is not that; else what found gave. */
int32_t http_json_patients(const uint8_t *p, uint32_t len, shk_patient_found found, void *who);

/* Copies the text of one member of an object. 0: there is none of at most cap - 1 bytes; out is "" then. */
int http_json_text(const uint8_t *p, uint32_t len, const char *member, char *out, size_t cap);

#endif
