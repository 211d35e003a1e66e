#include <stdlib.h>
#include <windows.h>

#include "file_parts.h"
#include "file_steps_win32.h"
#include "path_win32.h"
#include "platform.h"

#define TICKS_PER_S    UINT64_C(10000000)
#define EPOCH_S        INT64_C(11644473600) /* from 1601 to 1970 */
#define NAME_ROOM      (MAX_PATH * 4)
#define FOLDER_PATTERN "\\*"

/* Who is told of what; one of the two calls is null. */
struct listing {
    const char *folder;
    bool (*file)(void *who, const struct file_entry *entry);
    bool (*inner)(void *who, const char *name);
    void *who;
};

static uint64_t join(DWORD high, DWORD low) {
    return (uint64_t)high << 32 | low;
}

/* The root of a drive has no "." and may hold nothing at all. */
static int32_t no_first_file(const char *folder, struct fault *why) {
    DWORD error = GetLastError();
    if (!platform_files.is_folder(NULL, folder)) {
        return fault_set(why, SHK_E_FOLDER_MISSING, SHK_NATIVE_OS, (int32_t)error, NULL);
    }
    return error == ERROR_FILE_NOT_FOUND ? SHK_OK : platform_file_fault(why, (int32_t)error);
}

/* Servers and cloud folders mark plain files as well; only a link leads elsewhere. */
static bool is_link(const WIN32_FIND_DATAW *found) {
    bool marked = (found->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    return marked && (found->dwReserved0 == IO_REPARSE_TAG_SYMLINK ||
                      found->dwReserved0 == IO_REPARSE_TAG_MOUNT_POINT);
}

static bool is_dots(const char *name) {
    return text_equal(name, ".") || text_equal(name, "..");
}

static bool tell_file(const struct listing *l, const WIN32_FIND_DATAW *found, const char *name) {
    FILETIME written = found->ftLastWriteTime;
    uint64_t ticks = join(written.dwHighDateTime, written.dwLowDateTime);
    const struct file_entry entry = {name, join(found->nFileSizeHigh, found->nFileSizeLow),
                                     (int64_t)(ticks / TICKS_PER_S) - EPOCH_S};
    return l->file(l->who, &entry);
}

static bool tell(const struct listing *l, const WIN32_FIND_DATAW *found) {
    char name[NAME_ROOM];
    bool folder = (found->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (is_link(found) ||
        WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, found->cFileName, -1, name, NAME_ROOM,
                            NULL, NULL) <= 0 ||
        is_dots(name) || platform_is_unfinished(name)) {
        return true;
    }
    if (folder) {
        return l->inner == NULL || l->inner(l->who, name);
    }
    return l->file == NULL || tell_file(l, found, name);
}

static int32_t walk(const wchar_t *pattern, const struct listing *l, struct fault *why) {
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) {
        return no_first_file(l->folder, why);
    }
    bool more = true, next = true;
    while (more && next) {
        more = tell(l, &found);
        next = more && FindNextFileW(search, &found);
    }
    int32_t rc = more && GetLastError() != ERROR_NO_MORE_FILES ? file_last_fault(why) : SHK_OK;
    FindClose(search);
    return rc;
}

static int32_t list(const struct listing *l, struct fault *why) {
    struct bytes path = {0};
    int32_t rc = bytes_append_text(&path, l->folder);
    if (rc == SHK_OK) {
        rc = bytes_append_text(&path, FOLDER_PATTERN);
    }
    wchar_t *pattern = rc == SHK_OK ? path_wide(bytes_text(&path)) : NULL;
    bytes_clear(&path);
    if (pattern == NULL) {
        return rc != SHK_OK ? fault_raise(why, rc) : platform_file_fault(why, ERROR_INVALID_NAME);
    }
    rc = walk(pattern, l, why);
    free(pattern);
    return rc;
}

int32_t platform_file_list(void *self, const char *folder,
                           bool (*each)(void *who, const struct file_entry *entry), void *who,
                           struct fault *why) {
    const struct listing l = {.folder = folder, .file = each, .who = who};
    (void)self;
    return list(&l, why);
}

int32_t platform_file_list_folders(void *self, const char *folder,
                                   bool (*each)(void *who, const char *name), void *who,
                                   struct fault *why) {
    const struct listing l = {.folder = folder, .inner = each, .who = who};
    (void)self;
    return list(&l, why);
}

int32_t platform_file_remove(void *self, const char *path, struct fault *why) {
    (void)self;
    wchar_t *wide = path_wide(path);
    if (wide == NULL) {
        return platform_file_fault(why, ERROR_INVALID_NAME);
    }
    int32_t rc = DeleteFileW(wide) ? SHK_OK : file_absent_fault(why);
    free(wide);
    return rc;
}
