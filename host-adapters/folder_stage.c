/* Files that lie ready under another name. From its note on a staged file may only be renamed, never
 * removed: that it is gone is what says that it was published. */
#include <string.h>

#include "folder_text.h"
#include "folder_work.h"

#define WRITTEN_LAST 99
#define CLEARED      16 /* attempts before the first note whose files are looked for */

/* Reserves a name by the host's pattern: whoever makes the file has it. */
static int32_t write_visibly(struct work *w, const uint8_t *p, uint32_t n) {
    const shk_services *sv = w->h->sv;
    char name[NAME_ROOM];
    struct path path;
    int32_t rc = SHK_E_FILE_EXISTS;
    for (int32_t i = 1; i <= WRITTEN_LAST && rc == SHK_E_FILE_EXISTS; i++) {
        w->note.written = i;
        rc = place_staged(w, name);
        if (rc != SHK_OK) {
            return rc;
        }
        place_path(w->h, name, &path);
        rc = sv->put_file(sv->self, path.p, p, n, 0);
    }
    w->staged = rc == SHK_OK;
    return rc == SHK_OK ? rc : work_fail(w->h, rc, "write_as");
}

int32_t stage_take(struct work *w, const uint8_t *p, uint32_t n, int replace, void **stage) {
    const shk_services *sv = w->h->sv;
    char name[NAME_ROOM];
    int fresh = p != NULL;
    *stage = NULL;
    if (fresh && !w->staged && w->h->set.write_as[0] != '\0') {
        int32_t rc = write_visibly(w, p, n);
        if (rc != SHK_OK) {
            return rc;
        }
        fresh = replace; /* once more, with the mode of the file that it replaces */
    }
    int32_t rc = place_staged(w, name);
    if (rc != SHK_OK) {
        return rc;
    }
    rc =
        sv->stage_file(sv->self, name, w->place.p, fresh ? p : NULL, fresh ? n : 0, replace, stage);
    if (rc != SHK_E_FILE_EXISTS) {
        w->staged = rc != SHK_E_ABSENT; /* after another fault it may lie there all the same */
    }
    return rc == SHK_OK || rc == SHK_E_ABSENT || rc == SHK_E_FILE_EXISTS
               ? rc
               : work_fail(w->h, rc, "file");
}

void stage_drop(struct work *w, void *stage) {
    int keep = w->noted || w->doubtful;
    w->h->sv->unstage_file(w->h->sv->self, stage, keep);
    w->staged = keep;
}

int32_t stage_note(struct work *w) {
    const shk_services *sv = w->h->sv;
    char text[FOLDER_NOTE_MAX];
    folder_note_write(&w->note, text);
    int32_t rc = sv->note != NULL ? sv->note(sv->self, text) : SHK_OK;
    /* Only a refusal says surely that it was not kept: the answer of a store may get lost. */
    w->doubtful = w->doubtful || (rc != SHK_OK && rc != SHK_E_DELIVERY_TAKEN);
    w->noted = w->noted || rc == SHK_OK;
    return rc == SHK_OK ? rc : work_fail(w->h, rc, "");
}

int32_t stage_publish(struct work *w, void *stage) {
    int32_t rc = w->h->sv->publish_file(w->h->sv->self, stage);
    w->published = rc == SHK_OK;
    w->staged = w->staged && rc != SHK_OK && rc != SHK_E_ABSENT;
    return rc == SHK_OK || rc == SHK_E_FILE_EXISTS || rc == SHK_E_ABSENT
               ? rc
               : work_fail(w->h, rc, "file");
}

/* 1: it was there and is removed. */
static int remove_staged(const struct work *w, const char *name, int32_t *rc) {
    struct path path;
    place_path(w->h, name, &path);
    *rc = w->h->sv->remove_file(w->h->sv->self, path.p);
    return *rc == SHK_OK;
}

int32_t stage_clear(const struct work *w) {
    static const char *const endings[] = {"", "-end"};
    int32_t last = w->d->attempt - 1, first = last > CLEARED ? last - CLEARED + 1 : 1;
    for (int32_t i = first; i <= last; i++) {
        for (size_t e = 0; e < 2; e++) {
            char name[NAME_ROOM];
            int32_t rc = SHK_OK;
            place_hidden(w, i, endings[e], name);
            if (!remove_staged(w, name, &rc) && rc != SHK_E_ABSENT) {
                return work_fail(w->h, rc, "file");
            }
        }
    }
    return SHK_OK;
}

int32_t stage_gone(struct work *w, const uint8_t *p, uint32_t n) {
    struct present now;
    int same = 0;
    if (!w->noted) {
        return work_fail(w->h, SHK_E_FOLDER_WRITE, "file"); /* somebody removed it just now */
    }
    int32_t rc = w->kept ? mark_compare(w, &same) : SHK_OK;
    if (rc == SHK_OK && !same && p != NULL) {
        rc = present_read(w->h, w->place.p, &now);
        same = present_is(&now, p, n);
        present_clear(w->h, &now);
    }
    if (rc == SHK_OK && !same) {
        rc = work_fail(w->h, SHK_E_DELIVERY_UNSURE, "folder");
    }
    w->published = rc == SHK_OK;
    return rc;
}

void stage_abandon(struct work *w) {
    char name[NAME_ROOM];
    int32_t rc = SHK_OK;
    if (w->staged && place_staged(w, name) == SHK_OK) {
        w->staged = !remove_staged(w, name, &rc) && rc != SHK_E_ABSENT;
        w->published = w->published || (w->noted && rc == SHK_E_ABSENT);
    }
    if (w->note.ends && !w->published && !w->staged) {
        place_hidden(w, w->note.attempt, "-end", name);
        (void)remove_staged(w, name, &rc);
    }
}
