#include "file_draft_win32.h"
#include "file_parts.h"
#include "file_sweep.h"

static int32_t put_steps(struct file_draft *draft, const uint8_t *p, size_t n, bool replace,
                         struct fault *why) {
    int32_t rc = replace ? file_draft_remember(draft, why) : SHK_OK;
    if (rc == SHK_OK) {
        rc = file_draft_write(draft, p, n, file_draft_is_hidden(draft->path), why);
    }
    if (rc == SHK_OK) {
        rc = file_draft_publish(draft, draft->temp, replace, why);
        draft->temp_there = rc != SHK_OK;
    }
    return rc;
}

int32_t platform_file_put(void *self, const char *path, const uint8_t *p, size_t n, bool replace,
                          struct fault *why) {
    (void)self;
    struct file_draft draft;
    int32_t rc = file_draft_open(&draft, path, why);
    if (rc == SHK_OK) {
        rc = put_steps(&draft, p, n, replace, why);
    }
    if (rc == SHK_OK) {
        platform_sweep_beside(path);
    }
    file_draft_close(&draft);
    return rc;
}
