#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_draft_posix.h"
#include "file_parts.h"
#include "file_steps_posix.h"

struct file_stage {
    struct file_draft draft; /* of the final name */
    char *path, *name;       /* the final path and the staged name */
    bool replace;
};

static void stage_free(struct file_stage *stage) {
    file_draft_close(&stage->draft);
    free(stage->path);
    free(stage->name);
    free(stage);
}

/* A stage with the folder open, or null. */
static struct file_stage *stage_new(const char *staged, const char *path, bool replace,
                                    struct fault *why) {
    struct file_stage *stage = calloc(1, sizeof *stage);
    if (stage == NULL) {
        fault_raise(why, SHK_E_MEMORY);
        return NULL;
    }
    stage->draft = (struct file_draft){.folder = -1, .fd = -1};
    stage->replace = replace;
    stage->path = text_dup(path);
    stage->name = text_dup(staged);
    if (stage->path == NULL || stage->name == NULL) {
        fault_raise(why, SHK_E_MEMORY);
    } else if (staged[0] == '\0' || strchr(staged, '/') != NULL) {
        platform_file_fault(why, EINVAL);
    } else if (file_draft_open(&stage->draft, stage->path, why) == SHK_OK) {
        return stage;
    }
    stage_free(stage);
    return NULL;
}

/* Some file systems cannot flush a folder and say so; there is nothing else to do on them. */
static int32_t flush_folder(const struct file_draft *draft, struct fault *why) {
    if (file_sync(draft->folder) == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS) {
        return SHK_OK;
    }
    return platform_file_fault(why, errno);
}

/* Published is told only when the folder says so durably. */
static int32_t gone(const struct file_draft *draft, struct fault *why) {
    int32_t rc = flush_folder(draft, why);
    return rc == SHK_OK ? fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, ENOENT, NULL) : rc;
}

/* Where the final name is given by a hard link, a second name says that it was given. */
static int32_t take_up(const struct file_stage *stage, struct fault *why) {
    struct stat staged;
    const struct file_draft *draft = &stage->draft;
    if (fstatat(draft->folder, stage->name, &staged, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? gone(draft, why) : platform_file_fault(why, errno);
    }
    if (!S_ISREG(staged.st_mode)) {
        return platform_file_fault(why, S_ISLNK(staged.st_mode) ? ELOOP : EISDIR);
    }
    if (staged.st_nlink <= 1) {
        return SHK_OK;
    }
    if (unlinkat(draft->folder, stage->name, 0) != 0 && errno != ENOENT) {
        return platform_file_fault(why, errno);
    }
    return gone(draft, why);
}

/* A folder that cannot be flushed leaves the staged file: it may be the only one of an earlier attempt. */
static int32_t write_staged(struct file_stage *stage, const uint8_t *p, size_t n,
                            struct fault *why) {
    struct file_draft *draft = &stage->draft;
    int32_t rc = file_draft_write(draft, p, n, stage->replace, why);
    if (rc != SHK_OK) {
        return rc;
    }
    if (renameat(draft->folder, draft->temp, draft->folder, stage->name) != 0) {
        return platform_file_fault(why, errno);
    }
    draft->temp_there = false;
    return flush_folder(draft, why);
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
        rc = platform_file_fault(&reason, EEXIST);
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

int32_t platform_file_publish(void *self, void *handle, struct fault *why) {
    (void)self;
    struct file_stage *stage = handle;
    int error = file_draft_publish(&stage->draft, stage->name, stage->replace);
    stage_free(stage);
    if (error == ENOENT) {
        return fault_set(why, SHK_E_ABSENT, SHK_NATIVE_OS, error, NULL);
    }
    return error == 0 ? SHK_OK : platform_file_fault(why, error);
}

void platform_file_unstage(void *self, void *handle, bool keep) {
    (void)self;
    struct file_stage *stage = handle;
    if (stage == NULL) {
        return;
    }
    if (!keep) {
        (void)unlinkat(stage->draft.folder, stage->name, 0);
    }
    stage_free(stage);
}
