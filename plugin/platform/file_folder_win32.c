#include <stdlib.h>
#include <windows.h>

#include "file_parts.h"
#include "file_steps_win32.h"
#include "path_win32.h"
#include "platform.h"

int32_t platform_file_make_folder(void *self, const char *path, struct fault *why) {
    (void)self;
    wchar_t *wide = path_wide(path);
    if (wide == NULL) {
        return platform_file_fault(why, ERROR_INVALID_NAME);
    }
    int32_t rc = CreateDirectoryW(wide, NULL) ? SHK_OK : file_last_fault(why);
    free(wide);
    return rc;
}
