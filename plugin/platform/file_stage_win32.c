#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "file_draft_win32.h"
#include "file_parts.h"
#include "file_steps_win32.h"
#include "path_win32.h"
#include "platform.h"

struct file_stage {
    struct file_draft draft; /* of the final path */
    wchar_t *path;           /* the staged one */
    bool replace;
};

static void stage_free(struct file_stage *stage) {
    file_draft_close(&stage->draft);
    free(stage->path);
    free(stage);
}

/* The path of `staged` beside `path`. */
static wchar_t *path_of(const char *staged, const char *path, const char *name) {
    size_t folder = (size_t)(name - path), n = strlen(staged);
    char *joined = calloc(folder + n + 1, 1);
    if (joined == NULL) {
        return NULL;
    }
    memcpy(joined, path, folder);
    memcpy(joined + folder, staged, n);
    wchar_t *wide = path_wide(joined);
    free(joined);
    return wide;
}

static const char *name_in(const char *path) {
    const char *name = path;
    for (const char *p = path; *p != '\0'; p++) {
        name = *p == '\\' || *p == '/' ? p + 1 : name;
    }
    return name;
}

static struct file_stage *stage_new(const char *staged, const char *path, bool replace,
                                    struct fault *why) {
    struct file_stage *stage = calloc(1, sizeof *stage);
    if (stage == NULL) {
        fault_raise(why, SHK_E_MEMORY);
        return NULL;
    }
    stage->draft.file = INVALID_HANDLE_VALUE;
    stage->replace = replace;
    if (staged[0] == '\0' || strpbrk(staged, "\\/:") != NULL) {
        platform_file_fault(why, ERROR_INVALID_NAME);
    } else if (file_draft_open(&stage->draft, path, why) == SHK_OK) {
        stage->path = path_of(staged, path, name_in(path));
        if (stage->path != NULL) {
            return stage;
        }
        platform_file_fault(why, ERROR_INVALID_NAME);
    }
    stage_free(stage);
    return NULL;
}

static int32_t take_up(const struct file_stage *stage, struct fault *why) {
    DWORD kind = GetFileAttributesW(stage->path);
    if (kind != INVALID_FILE_ATTRIBUTES) {
        return SHK_OK;
    }
    DWORD error = GetLastError();
    return error == ERROR_FILE_NOT_FOUND
               ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, (int32_t)error, NULL)
               : platform_file_fault(why, (int32_t)error);
}

/* What an earlier attempt left there is replaced. */
static int32_t take_name(const struct file_stage *stage, struct fault *why) {
    struct file_draft as = {.path = stage->path};
    int32_t rc = file_draft_remember(&as, why);
    return rc == SHK_OK ? file_draft_publish(&as, stage->draft.temp, true, why) : rc;
}

static int32_t write_staged(struct file_stage *stage, const uint8_t *p, size_t n,
                            struct fault *why) {
    struct file_draft *draft = &stage->draft;
    int32_t rc = file_draft_write(draft, p, n, file_draft_is_hidden(stage->path), why);
    if (rc == SHK_OK) {
        rc = take_name(stage, why);
        draft->temp_there = rc != SHK_OK;
    }
    return rc;
}

int32_t platform_file_stage(void *self, const char *staged, const char *path, const uint8_t *p,
                            size_t n, bool replace, void **out, struct fault *why) {
    (void)self;
    *out = NULL;
    struct fault reason = {0};
    struct file_stage *stage = stage_new(staged, path, replace, &reason);
    int32_t rc = stage != NULL ? SHK_OK : reason.code;
    if (rc == SHK_OK && p == NULL) {
        rc = take_up(stage, &reason);
    }
    if (rc == SHK_OK) {
        rc = file_draft_remember(&stage->draft, &reason);
    }
    if (rc == SHK_OK && !replace && stage->draft.old_there) {
        rc = platform_file_fault(&reason, ERROR_FILE_EXISTS);
    }
    if (rc == SHK_OK && p != NULL) {
        rc = write_staged(stage, p, n, &reason);
    }
    if (rc == SHK_OK) {
        *out = stage;
        return SHK_OK;
    }
    if (stage != NULL) {
        stage_free(stage);
    }
    return fault_set(why, rc, reason.native_kind, reason.native, NULL);
}

/* Shown before it has its final name: a file that is hidden there would never be found. */
int32_t platform_file_publish(void *self, void *handle, struct fault *why) {
    (void)self;
    struct file_stage *stage = handle;
    bool was_hidden = file_draft_is_hidden(stage->path);
    bool shown = was_hidden && !file_draft_is_hidden(stage->draft.path);
    if (shown) {
        SetFileAttributesW(stage->path, FILE_ATTRIBUTE_NORMAL);
    }
    int32_t rc = file_draft_publish(&stage->draft, stage->path, stage->replace, why);
    if (rc != SHK_OK && shown) {
        SetFileAttributesW(stage->path, FILE_ATTRIBUTE_HIDDEN);
    }
    stage_free(stage);
    return rc;
}

void platform_file_unstage(void *self, void *handle, bool keep) {
    (void)self;
    struct file_stage *stage = handle;
    if (stage == NULL) {
        return;
    }
    if (!keep) {
        DeleteFileW(stage->path);
    }
    stage_free(stage);
}
