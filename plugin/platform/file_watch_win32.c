#include <stdlib.h>
#include <windows.h>

#include "file_parts.h"
#include "file_steps_win32.h"
#include "path_win32.h"
#include "platform.h"

#define SLICE_MS 250 /* between two tries to watch a folder that went away */
#define NOTICES                                                                                    \
    (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_LAST_WRITE | FILE_NOTIFY_CHANGE_SIZE)

/* notice INVALID_HANDLE_VALUE: the folder is away, or its server gives no notices. */
struct file_watch {
    wchar_t *folder;
    HANDLE notice;
};

static void let_go(struct file_watch *w) {
    if (w->notice != INVALID_HANDLE_VALUE) {
        (void)FindCloseChangeNotification(w->notice);
        w->notice = INVALID_HANDLE_VALUE;
    }
}

/* True when it is watched only from now on: what happened meanwhile nobody saw. */
static bool renew(struct file_watch *w) {
    if (w->notice != INVALID_HANDLE_VALUE) {
        return false;
    }
    w->notice = FindFirstChangeNotificationW(w->folder, FALSE, NOTICES);
    return w->notice != INVALID_HANDLE_VALUE;
}

int32_t platform_file_watch(void *self, const char *folder, void **watch, struct fault *why) {
    *watch = NULL;
    if (!platform_files.is_folder(self, folder)) {
        return fault_set(why, SHK_E_FOLDER_MISSING, SHK_NATIVE_OS, ERROR_PATH_NOT_FOUND, NULL);
    }
    struct file_watch *w = calloc(1, sizeof *w);
    if (w == NULL || (w->folder = path_wide(folder)) == NULL) {
        free(w);
        return fault_raise(why, SHK_E_MEMORY);
    }
    w->notice = INVALID_HANDLE_VALUE;
    (void)renew(w);
    *watch = w;
    return SHK_OK;
}

/* Our handle keeps a folder that is removed from going; asked for once more it says so. */
static bool is_there(const struct file_watch *w) {
    HANDLE folder = CreateFileW(w->folder, FILE_READ_ATTRIBUTES, SHARE_ALL, NULL, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (folder == INVALID_HANDLE_VALUE) {
        return GetLastError() == ERROR_SHARING_VIOLATION;
    }
    CloseHandle(folder);
    return true;
}

static bool noticed(struct file_watch *w, DWORD ms) {
    if (w->notice == INVALID_HANDLE_VALUE) {
        Sleep(ms);
        return false;
    }
    bool changed = WaitForSingleObject(w->notice, ms) == WAIT_OBJECT_0;
    if ((changed && !FindNextChangeNotification(w->notice)) || !is_there(w)) {
        let_go(w);
    }
    return changed;
}

bool platform_file_changed(void *self, void *watch, int32_t ms) {
    (void)self;
    struct file_watch *w = watch;
    int64_t end = platform_clock.mono_ms(NULL) + ms;
    bool changed = renew(w) || noticed(w, 0);
    while (!changed) {
        int64_t left = end - platform_clock.mono_ms(NULL);
        if (left <= 0) {
            return false;
        }
        changed = noticed(w, (DWORD)(left < SLICE_MS ? left : SLICE_MS)) || renew(w);
    }
    return true;
}

void platform_file_unwatch(void *self, void *watch) {
    (void)self;
    struct file_watch *w = watch;
    if (w != NULL) {
        let_go(w);
        free(w->folder);
        free(w);
    }
}
