#include "module_file.h"

#include <stdlib.h>
#include <windows.h>

#include "bytes.h"
#include "path_win32.h"

static int32_t refuse(struct fault *why, DWORD error, const char *where) {
    return fault_set(why, SHK_E_MODULE_FILE, SHK_NATIVE_OS, (int32_t)error, where);
}

/* With a drive, or a UNC name. */
static bool is_absolute(const char *path) {
    bool drive = path[0] != '\0' && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
    return drive || (path[0] == '\\' && path[1] == '\\');
}

/* *error: 0 when there is something. */
static DWORD attributes(const char *path, DWORD *error) {
    wchar_t *wide = path_wide(path);
    DWORD found = wide != NULL ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
    *error = wide == NULL                       ? ERROR_INVALID_NAME
             : found == INVALID_FILE_ATTRIBUTES ? GetLastError()
                                                : 0;
    free(wide);
    return found;
}

int32_t module_file_check(const char *folder, const char *name, char path[MODULE_PATH_MAX],
                          struct fault *why) {
    DWORD error = 0;
    char file[MODULE_PATH_MAX];
    text_format(file, sizeof file, "%s%s", name, MODULE_FILE_ENDING);
    path[0] = '\0';
    DWORD kind = is_absolute(folder) ? attributes(folder, &error) : INVALID_FILE_ATTRIBUTES;
    if (kind == INVALID_FILE_ATTRIBUTES || (kind & FILE_ATTRIBUTE_DIRECTORY) == 0) {
        return refuse(why, error != 0 ? error : ERROR_DIRECTORY, "adapters.folder");
    }
    if (text_format(path, MODULE_PATH_MAX, "%s\\%s", folder, file) >= MODULE_PATH_MAX) {
        return refuse(why, ERROR_BUFFER_OVERFLOW, "adapters.folder");
    }
    kind = attributes(path, &error);
    if (kind == INVALID_FILE_ATTRIBUTES ||
        (kind & (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT)) != 0) {
        return refuse(why, kind == INVALID_FILE_ATTRIBUTES ? error : ERROR_BAD_FILE_TYPE, file);
    }
    return SHK_OK;
}
