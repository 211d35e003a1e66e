/* Steps that several slots of platform_files share on POSIX; files_posix.c. */
#ifndef PLATFORM_FILE_STEPS_POSIX_H
#define PLATFORM_FILE_STEPS_POSIX_H

#include "fault.h"

#include <stdbool.h>

/* "No such file" and "that is no folder". */
bool file_is_gone(int error);
/* Opens the folder that `path` lies in; *name is its last part, borrowed.
 * SHK_E_FOLDER_MISSING. */
int32_t file_open_folder(const char *path, int *folder, const char **name, struct fault *why);
/* Opens a plain file for reading without waiting for anyone. SHK_E_ABSENT. */
int32_t file_open_plain(const char *path, int *fd, uint64_t *size, struct fault *why);
/* A pipe too; it is read without waiting. */
int32_t file_open_input(const char *path, int *fd, uint64_t *size, struct fault *why);
int32_t file_write_all(int fd, const uint8_t *p, size_t n, struct fault *why);
/* fsync that goes on after an interruption; 0 or -1 with errno. */
int file_sync(int fd);

#endif
