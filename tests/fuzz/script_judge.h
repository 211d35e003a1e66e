/* What holds of every document that a script made, whatever the script was. */
#ifndef FUZZ_SCRIPT_JUDGE_H
#define FUZZ_SCRIPT_JUDGE_H

#include "mapping.h"

/* `source` is the script's text: what it names decides how a table is read again. */
void script_judge(const struct mapping_result *result, const char *source);

#endif
