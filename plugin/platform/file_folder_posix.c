#include <errno.h>
#include <sys/stat.h>

#include "file_parts.h"
#include "file_steps_posix.h"
#include "platform.h"

int32_t platform_file_make_folder(void *self, const char *path, struct fault *why) {
    (void)self;
    if (mkdir(path, 0700) == 0) {
        return SHK_OK;
    }
    int error = errno;
    return file_is_gone(error) ? fault_set(why, SHK_E_FOLDER_MISSING, SHK_NATIVE_OS, error, NULL)
                               : platform_file_fault(why, error);
}
