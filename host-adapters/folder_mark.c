#include <string.h>

#include "folder_text.h"
#include "folder_work.h"

#define MARK_FILE  ".shikaku-folder"
#define MARK_TRIES 3

/* out: empty when there is none or something else lies there. */
static int32_t mark_read(const shk_host *h, const char *path, char out[FOLDER_MARK_LEN + 1],
                         int *there) {
    struct present now;
    int32_t rc = present_read(h, path, &now);
    out[0] = '\0';
    *there = now.there;
    if (now.n == FOLDER_MARK_LEN) {
        memcpy(out, now.p, FOLDER_MARK_LEN);
        out[FOLDER_MARK_LEN] = '\0';
        out[strspn(out, "0123456789abcdef") == FOLDER_MARK_LEN ? FOLDER_MARK_LEN : 0] = '\0';
    }
    present_clear(h, &now);
    return rc;
}

int32_t mark_take(struct work *w) {
    char fresh[FOLDER_MARK_LEN + 1];
    struct path path;
    const shk_services *sv = w->h->sv;
    place_path(w->h, MARK_FILE, &path);
    text_id_hex(w->d->id, fresh);
    int32_t rc = SHK_OK;
    for (int i = 0; i < MARK_TRIES; i++) {
        int there = 0;
        rc = mark_read(w->h, path.p, w->note.mark, &there);
        if (rc != SHK_OK || w->note.mark[0] != '\0') {
            return rc;
        }
        /* Another machine may make it as well: what lies there in the end is what counts. */
        rc = sv->put_file(sv->self, path.p, (const uint8_t *)fresh, FOLDER_MARK_LEN, there);
        if (rc != SHK_OK && rc != SHK_E_FILE_EXISTS) {
            return work_fail(w->h, rc, "folder");
        }
    }
    rc = rc == SHK_OK ? SHK_E_FILE_EXISTS : rc;
    return work_fail(w->h, rc, "folder");
}

int32_t mark_compare(const struct work *w, int *same) {
    char now[FOLDER_MARK_LEN + 1];
    struct path path;
    int there = 0;
    place_path(w->h, MARK_FILE, &path);
    int32_t rc = mark_read(w->h, path.p, now, &there);
    *same = rc == SHK_OK && now[0] != '\0' && strcmp(now, w->note.mark) == 0;
    return rc;
}
