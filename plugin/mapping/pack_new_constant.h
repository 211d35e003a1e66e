/* What in a sample document belongs to the document and not to the person: it may stand in a script. */
#ifndef MAPPING_PACK_NEW_CONSTANT_H
#define MAPPING_PACK_NEW_CONSTANT_H

#include "pack_new_guess.h"

/* Namespaces, addresses of schemas and code systems (URI, OID), and attributes that say how the document is
 * built. Names of people and numbers are none of these. */
bool pack_attribute_is_constant(const char *element, const char *name, const char *value);
bool pack_text_is_constant(const char *element, const char *text);
/* type="string" and the like, beside which an element has a text of its own. */
bool pack_attribute_is_type(const char *name);
/* What the attribute calls its element, borrowed from the value: a URL's last part, or what the table of
 * names knows (<item name="氏名">, <id root="OID">). Else null. SHK_E_MEMORY. */
int32_t pack_label_of(const struct pack_words *words, const char *name, const char *value,
                      const char **label);
/* name, key and the like: where one element's says what it holds, its neighbours' do too. */
bool pack_attribute_is_label(const char *name);

#endif
