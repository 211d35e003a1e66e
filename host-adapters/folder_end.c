/* The trigger file: empty, made after the document, once. It lies ready under a name of its own like the
 * document, so that a later attempt knows whether it was made. */
#include <string.h>

#include "folder_work.h"

#define ENDING "-end"

static int has_end(const struct work *w) {
    return w->h->set.end_file[0] != '\0';
}

static int32_t end_path(const struct work *w, struct path *out) {
    char name[NAME_ROOM];
    if (!place_by_pattern(w->h->set.end_file, w->name, 1, name)) {
        return work_fail(w->h, SHK_E_FILE_NAME, "end_file");
    }
    place_path(w->h, name, out);
    return SHK_OK;
}

int32_t end_look(const struct work *w, int own, int *there) {
    struct path path;
    struct present now = {0};
    *there = 0;
    if (!has_end(w) || own != (folder_pattern_varies(w->h->set.end_file) && !w->rows)) {
        return SHK_OK;
    }
    int32_t rc = end_path(w, &path);
    rc = rc == SHK_OK ? present_read(w->h, path.p, &now) : rc;
    *there = now.there;
    present_clear(w->h, &now);
    return rc;
}

int32_t end_wait(const struct work *w, int64_t since_ms) {
    int there = 0;
    int32_t rc = end_look(w, 0, &there);
    while (rc == SHK_OK && there) {
        if (!gate_wait(w->h, since_ms)) {
            return work_fail(w->h, SHK_E_FOLDER_LOCKED, "end_file");
        }
        rc = end_look(w, 0, &there);
    }
    return rc;
}

int32_t end_stage(struct work *w) {
    const shk_services *sv = w->h->sv;
    char name[NAME_ROOM];
    struct path path;
    if (!has_end(w)) {
        return SHK_OK;
    }
    place_hidden(w, w->note.attempt, ENDING, name);
    place_path(w->h, name, &path);
    int32_t rc = sv->put_file(sv->self, path.p, (const uint8_t *)"", 0, 1);
    w->note.ends = rc == SHK_OK;
    return rc == SHK_OK ? rc : work_fail(w->h, rc, "end_file");
}

/* A host that comes back to the same trigger must have taken the old one away first. Where nobody comes
 * back for ours, the one that lies there has to do. */
int32_t end_publish(struct work *w) {
    const shk_services *sv = w->h->sv;
    char name[NAME_ROOM];
    struct path path;
    void *stage = NULL;
    if (!w->note.ends || !has_end(w)) {
        return SHK_OK;
    }
    int32_t rc = end_path(w, &path);
    if (rc != SHK_OK) {
        return rc;
    }
    place_hidden(w, w->note.attempt, ENDING, name);
    rc = sv->stage_file(sv->self, name, path.p, NULL, 0, 0, &stage);
    rc = rc == SHK_OK ? sv->publish_file(sv->self, stage) : rc;
    if (rc == SHK_E_FILE_EXISTS && !w->kept) {
        struct path staged;
        place_path(w->h, name, &staged);
        rc = sv->remove_file(sv->self, staged.p);
    }
    if (rc == SHK_OK || rc == SHK_E_ABSENT) {
        return SHK_OK;
    }
    return work_fail(w->h, rc == SHK_E_FILE_EXISTS ? SHK_E_FOLDER_LOCKED : rc, "end_file");
}
