/* What the clipboard and a file have in common: is this a copied text, and can it be used? */
#ifndef LOOKUP_ARRIVAL_TEXT_H
#define LOOKUP_ARRIVAL_TEXT_H

#include "arrival.h"

/* The UTF-8 form of a text file's bytes: UTF-8, UTF-16 with a byte order mark, or else code page 932.
 * SHK_E_XML_ENCODING when they are none of these, SHK_E_MEMORY; `out` is empty then. */
int32_t arrival_decode(const struct bytes *raw, struct bytes *out);

/* True for a copied text in UTF-8 or code page 932 that holds a byte which is neither. */
bool arrival_is_spoilt(const struct bytes *raw, const struct app_words *words);

/* Gives a copied text as an arrival; anything else is SHK_E_APP_TEXT. A copied text with a character
 * that was lost on its way (U+FFFD) is SHK_E_XML_ENCODING: it may stand in a name. The text is moved
 * out of `text` or wiped. */
int32_t arrival_take_text(struct bytes *text, const struct app_words *words, struct arrival *out);

#endif
