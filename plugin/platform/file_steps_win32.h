/* Steps that several slots of platform_files share on Windows; files_win32.c. */
#ifndef PLATFORM_FILE_STEPS_WIN32_H
#define PLATFORM_FILE_STEPS_WIN32_H

#include <stdbool.h>

#include "fault.h"

/* Nobody is kept from the file while we read it. */
#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* A handle is a void * and an error an unsigned long, as in windows.h. */
bool file_is_gone(unsigned long error);
/* The fault of GetLastError(), and the same with SHK_E_ABSENT for a file that is not there. */
int32_t file_last_fault(struct fault *why);
int32_t file_absent_fault(struct fault *why);
/* Opens for reading; SHK_E_ABSENT. */
int32_t file_open_plain(const char *path, void **file, struct fault *why);
/* Writes and flushes to disk. */
int32_t file_write_all(void *file, const uint8_t *p, size_t n, struct fault *why);

#endif
