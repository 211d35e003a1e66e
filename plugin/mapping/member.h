/* 記号, 番号 and 枝番 together. */
#ifndef MAPPING_MEMBER_H
#define MAPPING_MEMBER_H

#include "helper.h"

/* What a card says of a person; n 0: absent or empty. */
struct member {
    struct word insurer, symbol, number, branch;
};

/* 被保険者個人識別子: 保険者番号:記号:番号:枝番 with all three colons. 記号 and 番号 stay half width when both are
 * ASCII letters and digits, else both are full width. Nothing when all is absent but 枝番. SHK_E_VALUE:
 * the insurer's number or 枝番 is none. */
int32_t member_id(const struct member *member, struct bytes *out);
/* 記号, separator, 番号; without a 記号 or 番号 the other alone. */
int32_t member_symbol_number(const struct member *member, struct word separator, struct bytes *out);

#endif
