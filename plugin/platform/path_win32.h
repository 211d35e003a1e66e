/* UTF-8 paths for the wide calls of Windows. */
#ifndef PLATFORM_PATH_WIN32_H
#define PLATFORM_PATH_WIN32_H

#include <wchar.h>

/* The full path with the prefix that lifts the limit of 260 characters. On the heap; null when the
 * text is not UTF-8 or memory is short. */
wchar_t *path_wide(const char *path);
/* The path of `name`, which is ASCII, in the same folder. On the heap or null. */
wchar_t *path_beside(const wchar_t *path, const char *name);

#endif
