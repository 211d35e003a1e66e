/* One person's record, and scripts that are run over it. */
#ifndef UNIT_MAPPING_STAGE_H
#define UNIT_MAPPING_STAGE_H

#include "mapping.h"

/* The elements of the one result that set_up loads. */
#define ITEM                                                                                             \
    "<InsuredCardClassification>01</InsuredCardClassification><InsurerNumber>  990010"                   \
    "</InsurerNumber><Name>見本　太郎</Name><NameKana>ﾐﾎﾝ ﾀﾛｳ</NameKana><Sex1>1</Sex1>" \
    "<Birthdate>19890107</Birthdate><InsurerName>見本市</InsurerName>"                                \
    "<InsuredBranchNumber></InsuredBranchNumber>"

/* What run_rows takes as the outer keys. */
#define CSV   "format = 'csv', encoding = 'utf-8'"
#define CP932 "format = 'csv', encoding = 'cp932'"
#define XML   "format = 'xml', encoding = 'utf-8', root = 'R'"

extern struct record_set *records;
/* Of the last run. */
extern struct mapping_result *result;
extern struct fault why;

/* For cmocka, around each case. */
int set_up(void **state);
int tear_down(void **state);
#define MAPPING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

void load_record(const char *item);
int32_t run_text(const char *script, bool check_only);
/* A script of these rows, with these lines among the outer keys. */
int32_t run_rows(const char *outer, const char *rows);

void assert_body(const char *expected);
void assert_fault(int32_t rc, int32_t code, const char *where);

#endif
