/* The outer keys of a contract that say how a document is written. */
#ifndef MAPPING_CONTRACT_STYLE_H
#define MAPPING_CONTRACT_STYLE_H

#include "contract.h"
#include "contract_keys.h"

extern const char *const contract_outer_keys[];

/* Makes the encoder; it belongs to the caller also after a complaint. */
void contract_read_encoding(struct key_reader *r, struct contract *c, struct encoder **encoder);
void contract_read_style(const struct key_reader *r, struct contract *c);

#endif
