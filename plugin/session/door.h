/* Texts that cross the host's door: lengths, padding, encoding. */
#ifndef SESSION_DOOR_H
#define SESSION_DOOR_H

#include "bytes.h"

/* A text from the host as UTF-8. Negative length: zero-terminated; with a length, trailing spaces and
 * zero bytes are dropped. SHK_E_ARGUMENT for null, for a zero byte inside and for bytes that do not
 * fit the encoding. At most 4,096 bytes. */
int32_t door_in(const char *text, int32_t len, bool cp932, struct bytes *out);
/* True for what door_in would refuse for its length alone. */
bool door_too_long(const char *text, int32_t len);
/* Into the host's buffer; returns the full length. *losses grows by the characters replaced. */
int32_t door_out(const char *text, size_t n, bool cp932, char *buf, int32_t cap, int32_t *losses);

#endif
