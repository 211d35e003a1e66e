/* Names that every file system of a clinic takes: Windows' rules everywhere. */
#ifndef MAPPING_FILE_NAME_H
#define MAPPING_FILE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILE_NAME_MAX 200 /* bytes of UTF-8 */

/* False for bytes that no name may hold: control characters and / \ : * ? " < > | */
bool file_name_allows(uint8_t byte);
/* One path component that can be created as it stands. */
bool file_name_usable(const char *name, size_t n);

#endif
