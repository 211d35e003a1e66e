/* The slots of platform_files; file_*_posix.c and file_*_win32.c. */
#ifndef PLATFORM_FILE_PARTS_H
#define PLATFORM_FILE_PARTS_H

#include "env.h"

int32_t platform_file_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                          struct fault *why);
int32_t platform_file_list(void *self, const char *folder,
                           bool (*each)(void *who, const struct file_entry *entry), void *who,
                           struct fault *why);
int32_t platform_file_list_folders(void *self, const char *folder,
                                   bool (*each)(void *who, const char *name), void *who,
                                   struct fault *why);
int32_t platform_file_remove(void *self, const char *path, struct fault *why);
int32_t platform_file_open(void *self, const char *path, void **file, struct fault *why);
int32_t platform_file_open_input(void *self, const char *path, void **file, struct fault *why);
int32_t platform_file_next(void *self, void *file, uint8_t *p, size_t cap, size_t *n,
                           struct fault *why);
void platform_file_close(void *self, void *file);
int32_t platform_file_write_at(void *self, const char *path, uint64_t at, const uint8_t *p,
                               size_t n, struct fault *why);
int32_t platform_file_watch(void *self, const char *folder, void **watch, struct fault *why);
bool platform_file_changed(void *self, void *watch, int32_t ms);
void platform_file_unwatch(void *self, void *watch);
int32_t platform_file_stage(void *self, const char *staged, const char *path, const uint8_t *p,
                            size_t n, bool replace, void **out, struct fault *why);
int32_t platform_file_publish(void *self, void *handle, struct fault *why);
void platform_file_unstage(void *self, void *handle, bool keep);
int32_t platform_file_make_folder(void *self, const char *path, struct fault *why);

#endif
