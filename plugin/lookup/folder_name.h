/* Names of the files of a terminal: OQS + kind + req or res + "_" + identifier + ending. */
#ifndef LOOKUP_FOLDER_NAME_H
#define LOOKUP_FOLDER_NAME_H

#include "env.h"

#define FOLDER_ID_MAX      21 /* yyyyMMddHHmmss and six digits, terminated */
#define FOLDER_NAME_MAX    64
#define FOLDER_NUMBER_MOST 9999

/* ASCII letters compare equal in either case: a share may not tell them apart, a terminal may. */
bool folder_same_name(const char *a, const char *b);
/* The daily number when the name's identifier is of that day (yyyyMMdd) and in the short form, whatever
 * kind of message it is; else 0. */
int32_t folder_name_number(const char *name, const char *day);
/* OQSsiquc01res_face_*.xml */
bool folder_is_face(const char *name);

#endif
