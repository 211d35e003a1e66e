/* What the helpers ask of the encoding that a text will be written in. */
#ifndef MAPPING_TARGET_H
#define MAPPING_TARGET_H

#include "helper.h"

struct sandbox;

/* Null: UTF-8. */
struct encoder *target_of(const struct sandbox *sb);
size_t target_bytes(struct encoder *target, struct word text);
/* True when all its characters exist there. */
bool target_has(struct encoder *target, struct word text);

#endif
