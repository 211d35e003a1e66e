/* What both databases share. */
#ifndef PLATFORM_DB_PARTS_H
#define PLATFORM_DB_PARTS_H

#include "db.h"

#define DB_COLUMNS_MAX 32         /* of one row */
#define DB_LENGTH_MAX  0x10000000 /* of one value: 256 MiB */
#define DB_BUSY_MAX    600000

/* SHK_E_ARGUMENT for a text that not every database can hold: not UTF-8, or with a zero byte. */
int32_t db_check_values(const struct db_value *values, size_t n, struct fault *why);
/* SHK_E_STORE_FAILED: after a fault in a transaction only rollback is of use. */
int32_t db_refuse_spoilt(struct fault *why);

/* Makes the file 0600 when it is missing, and takes rights of others away from it and its companions. A link
 * is refused. *real is its path without links and relative parts, on the heap; db_file_posix.c and
 * db_file_win32.c. SHK_E_STORE_OPEN, SHK_E_STORE_FULL, SHK_E_MEMORY. */
int32_t db_make_file(const char *path, char **real, struct fault *why);

#endif
