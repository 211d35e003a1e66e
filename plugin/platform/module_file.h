/* Files of code that the plugin is to load into its host's process. */
#ifndef PLATFORM_MODULE_FILE_H
#define PLATFORM_MODULE_FILE_H

#include "fault.h"

#if defined(_WIN32)
#define MODULE_FILE_ENDING ".dll"
#else
#define MODULE_FILE_ENDING ".so"
#endif

#define MODULE_PATH_MAX 1200 /* bytes with the terminator */

/* Makes "FOLDER/NAME.so" (.dll) in `path`. SHK_E_MODULE_FILE when the folder is no absolute path of a
 * folder, or the file is no plain file in it; a link is none. On POSIX also when either could be changed by
 * anyone but root and this process's user. `where` is "adapters.folder" or the file's name. */
int32_t module_file_check(const char *folder, const char *name, char path[MODULE_PATH_MAX],
                          struct fault *why);

#endif
