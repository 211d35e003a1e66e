/* 保険者番号 and 公費負担者番号 in the forms that hosts want. */
#ifndef MAPPING_INSURER_NUMBER_H
#define MAPPING_INSURER_NUMBER_H

#include "helper.h"

#define INSURER_MAX 8

struct insurer {
    char digits[INSURER_MAX + 1]; /* terminated, without padding */
    size_t n;                     /* 0: nothing was given */
};

/* Takes digits of either width between spaces. Two zeros before six digits are padding, as no law has the
 * number 00. False: more than eight characters, or something else than digits. */
bool insurer_read(struct word in, struct insurer *out);
/* Filled up to eight at the left; nothing stays nothing. */
int32_t insurer_write(const struct insurer *number, char fill, struct bytes *out);

enum check_result { CHECK_NONE, CHECK_WRONG, CHECK_RIGHT };
/* 検証番号 of a number of 3 to 8 digits; the old numbers of four digits have none. */
enum check_result insurer_check(struct word in);

#endif
