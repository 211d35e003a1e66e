/* Documents into a folder that the host watches: rows in one file, or a file for each. */
#include <stdlib.h>
#include <string.h>

#include "folder_settings.h"
#include "registry.h"

#define LOCK_WAIT_MS  5000
#define SUFFIX_LAST   99
#define REMEMBERED    8
#define APPEND_TRIES  3
#define SERVICES_LAST unlock_file

/* What became of a delivery, so that the same one tried again is not written twice. */
struct past {
    char id[64];
    int delivered;
    uint32_t offset; /* append: where its row was to stand */
    char place[1024];
};

struct shk_host {
    const shk_services *sv;
    struct folder_settings set;
    struct past past[REMEMBERED];
    uint32_t past_next;
};

/* Bytes with patients' data are wiped; the compiler must not see that nobody reads them again. */
static void wipe(void *p, size_t n) {
    volatile uint8_t *v = p;
    while (n > 0) {
        *v++ = 0;
        n--;
    }
}

static int32_t fail(const shk_host *h, int32_t code, const char *where) {
    return h->sv->fail(h->sv->self, code, 0, where);
}

static int services_usable(const shk_services *sv) {
    return sv != NULL && sv->abi == SHK_ADAPTER_ABI &&
           sv->struct_size >= offsetof(shk_services, SERVICES_LAST) + sizeof sv->SERVICES_LAST;
}

static int32_t SHK_CALL folder_open(const shk_services *sv, const shk_setting *settings,
                                    uint32_t settings_n, shk_host **out) {
    *out = NULL;
    if (!services_usable(sv)) {
        return SHK_E_ADAPTER_BROKEN;
    }
    shk_host *h = calloc(1, sizeof *h);
    if (h == NULL) {
        return sv->fail(sv->self, SHK_E_MEMORY, 0, "folder");
    }
    const char *bad = folder_settings_read(&h->set, settings, settings_n);
    if (bad != NULL) {
        free(h);
        return sv->fail(sv->self, SHK_E_ADAPTER_SETTINGS, 0, bad);
    }
    h->sv = sv;
    *out = h;
    return SHK_OK;
}

static void SHK_CALL folder_close(shk_host **h) {
    if (h != NULL && *h != NULL) {
        wipe(*h, sizeof **h);
        free(*h);
        *h = NULL;
    }
}

static struct past *past_find(shk_host *h, const char *id) {
    for (uint32_t i = 0; i < REMEMBERED; i++) {
        if (h->past[i].id[0] != '\0' && strcmp(h->past[i].id, id) == 0) {
            return &h->past[i];
        }
    }
    return NULL;
}

/* The entry of this delivery, made in the place of the oldest; null for an id that is too long. */
static struct past *past_of(shk_host *h, const char *id) {
    struct past *p = past_find(h, id);
    size_t n = strlen(id);
    if (p == NULL && n > 0 && n < sizeof p->id) {
        p = &h->past[h->past_next++ % REMEMBERED];
        memset(p, 0, sizeof *p);
        memcpy(p->id, id, n + 1);
    }
    return p;
}

static void past_set(shk_host *h, const shk_delivery *d, int delivered, uint32_t offset,
                     const char *place) {
    struct past *p = past_of(h, d->id);
    if (p != NULL) {
        p->delivered = delivered;
        p->offset = offset;
        size_t n = strlen(place);
        memcpy(p->place, place, n + 1);
    }
}

struct path {
    char p[sizeof((shk_receipt *)0)->place];
    size_t n;
};

static void path_add(struct path *path, const char *text, size_t n) {
    if (n < sizeof path->p - path->n) {
        memcpy(path->p + path->n, text, n);
        path->n += n;
        path->p[path->n] = '\0';
    }
}

/* Folder, prefix, name, suffix before the extension, ending. All are bounded so that they fit. */
static void path_make(struct path *path, const shk_host *h, const char *prefix, const char *name,
                      const char *suffix, const char *ending) {
    const char *folder = h->set.folder;
    const char *dot = suffix[0] != '\0' ? strrchr(name, '.') : NULL;
    size_t stem = dot != NULL ? (size_t)(dot - name) : strlen(name);
    size_t n = strlen(folder);
    int windows = (folder[1] == ':' || folder[0] == '\\') && strchr(folder, '/') == NULL;
    path->n = 0;
    path_add(path, folder, n);
    if (folder[n - 1] != '/' && !(windows && folder[n - 1] == '\\')) {
        path_add(path, windows ? "\\" : "/", 1);
    }
    path_add(path, prefix, strlen(prefix));
    path_add(path, name, stem);
    path_add(path, suffix, strlen(suffix));
    path_add(path, name + stem, strlen(name + stem));
    path_add(path, ending, strlen(ending));
}

static int32_t receive(shk_receipt *receipt, const char *place) {
    memcpy(receipt->place, place, strlen(place) + 1);
    return SHK_OK;
}

/* The file so far, or nothing: a host may empty the file that it has taken in. */
struct present {
    uint8_t *p;
    uint32_t n;
    int there;
};

static void present_clear(shk_host *h, struct present *now) {
    if (now->p != NULL) {
        wipe(now->p, now->n);
        h->sv->release(h->sv->self, now->p);
    }
    memset(now, 0, sizeof *now);
}

static int32_t present_read(shk_host *h, const char *place, struct present *now) {
    memset(now, 0, sizeof *now);
    int32_t rc = h->sv->read_file(h->sv->self, place, &now->p, &now->n);
    if (rc == SHK_E_ABSENT) {
        return SHK_OK;
    }
    if (rc == SHK_E_ARGUMENT) {
        return fail(h, SHK_E_FILE_FOREIGN, "file larger than 64 MiB");
    }
    if (rc != SHK_OK) {
        return fail(h, rc, "file");
    }
    now->there = 1;
    return SHK_OK;
}

/* Ours begins with our heading and ends with a whole line. */
static int is_ours(const struct present *now, const shk_delivery *d) {
    if (now->n == 0) {
        return 1;
    }
    if (now->n < d->head_len || (d->head_len > 0 && memcmp(now->p, d->head, d->head_len) != 0)) {
        return 0;
    }
    return now->n == d->head_len || now->p[now->n - 1] == '\n';
}

static int has_row_at(const struct present *now, const shk_delivery *d, uint32_t offset) {
    return now->n >= d->body_len && offset <= now->n - d->body_len &&
           memcmp(now->p + offset, d->body, d->body_len) == 0;
}

/* Puts the file so far, or the heading, and the row after it. */
static int32_t put_joined(shk_host *h, const char *place, const struct present *now,
                          const shk_delivery *d) {
    const uint8_t *first = now->n > 0 ? now->p : d->head;
    uint32_t first_len = now->n > 0 ? now->n : d->head_len;
    if (first_len > SHK_FILE_MAX || d->body_len > SHK_FILE_MAX - first_len) {
        return fail(h, SHK_E_FILE_FOREIGN, "file larger than 64 MiB");
    }
    size_t n = (size_t)first_len + d->body_len;
    uint8_t *all = malloc(n);
    if (all == NULL) {
        return fail(h, SHK_E_MEMORY, "file");
    }
    if (first_len > 0) {
        memcpy(all, first, first_len);
    }
    memcpy(all + first_len, d->body, d->body_len);
    past_set(h, d, 0, first_len, place);
    int32_t rc = h->sv->put_file(h->sv->self, place, all, (uint32_t)n, now->there);
    wipe(all, n);
    free(all);
    return rc;
}

static int32_t append_once(shk_host *h, const char *place, const shk_delivery *d) {
    struct present now;
    const struct past *before = past_find(h, d->id);
    int32_t rc = present_read(h, place, &now);
    if (rc == SHK_OK && before != NULL && strcmp(before->place, place) == 0 &&
        has_row_at(&now, d, before->offset)) {
        /* The try before failed after its row had become visible. */
        present_clear(h, &now);
        return SHK_OK;
    }
    if (rc == SHK_OK && !is_ours(&now, d)) {
        rc = fail(h, SHK_E_FILE_FOREIGN, "file");
    }
    if (rc == SHK_OK) {
        rc = put_joined(h, place, &now, d);
    }
    present_clear(h, &now);
    return rc;
}

static int32_t append_locked(shk_host *h, const char *place, const shk_delivery *d) {
    int32_t rc = SHK_E_FILE_EXISTS;
    /* A file that came up after we had looked is no reason to fail: look again. */
    for (int i = 0; i < APPEND_TRIES && rc == SHK_E_FILE_EXISTS; i++) {
        rc = append_once(h, place, d);
    }
    return rc == SHK_OK ? rc : fail(h, rc, "file");
}

static int32_t append(shk_host *h, const shk_delivery *d, const char *name, shk_receipt *receipt) {
    struct path place, guard;
    void *lock = NULL;
    path_make(&place, h, "", name, "", "");
    path_make(&guard, h, ".", name, "", ".lock");
    if (d->body_len == 0 || d->body[d->body_len - 1] != '\n') {
        return fail(h, SHK_E_ARGUMENT, "row without line end");
    }
    int32_t rc = h->sv->lock_file(h->sv->self, guard.p, LOCK_WAIT_MS, &lock);
    if (rc != SHK_OK) {
        return fail(h, rc, "file");
    }
    rc = append_locked(h, place.p, d);
    h->sv->unlock_file(h->sv->self, lock);
    if (rc == SHK_OK) {
        past_set(h, d, 1, 0, place.p);
        rc = receive(receipt, place.p);
    }
    return rc;
}

/* Heading and body as one document; the caller wipes and frees. */
static uint8_t *whole(const shk_delivery *d, uint32_t *n) {
    if (d->head_len > SHK_FILE_MAX || d->body_len > SHK_FILE_MAX - d->head_len) {
        return NULL;
    }
    *n = d->head_len + d->body_len;
    uint8_t *all = malloc((size_t)*n + 1);
    if (all != NULL && d->head_len > 0) {
        memcpy(all, d->head, d->head_len);
    }
    if (all != NULL && d->body_len > 0) {
        memcpy(all + d->head_len, d->body, d->body_len);
    }
    return all;
}

/* A file that cannot be read might be this delivery: going on to another name could double it. */
static int32_t compare(shk_host *h, const char *place, const uint8_t *p, uint32_t n, int *same) {
    struct present now;
    int32_t rc = present_read(h, place, &now);
    *same = rc == SHK_OK && now.there && now.n == n && (n == 0 || memcmp(now.p, p, n) == 0);
    present_clear(h, &now);
    return rc;
}

static void suffix_of(char out[4], int number) {
    out[0] = '_';
    size_t i = 1;
    if (number >= 10) {
        out[i++] = (char)('0' + number / 10);
    }
    out[i++] = (char)('0' + number % 10);
    out[i] = '\0';
}

/* The first free name; a file with the same content is this delivery, tried before. */
static int32_t put_free(shk_host *h, const char *name, const uint8_t *p, uint32_t n,
                        struct path *place) {
    for (int i = 1; i <= SUFFIX_LAST; i++) {
        char suffix[4] = "";
        if (i > 1) {
            suffix_of(suffix, i);
        }
        path_make(place, h, "", name, suffix, "");
        int32_t rc = h->sv->put_file(h->sv->self, place->p, p, n, 0);
        if (rc != SHK_E_FILE_EXISTS) {
            return rc == SHK_OK ? rc : fail(h, rc, "file");
        }
        int same = 0;
        rc = compare(h, place->p, p, n, &same);
        if (rc != SHK_OK || same) {
            return rc;
        }
    }
    return fail(h, SHK_E_FILE_EXISTS, "file");
}

static int32_t put_own(shk_host *h, const shk_delivery *d, const char *name, shk_receipt *receipt) {
    uint32_t n = 0;
    struct path place;
    uint8_t *all = whole(d, &n);
    if (all == NULL) {
        return fail(h, SHK_E_MEMORY, "file");
    }
    int32_t rc = put_free(h, name, all, n, &place);
    wipe(all, n);
    free(all);
    if (rc == SHK_OK) {
        past_set(h, d, 1, 0, place.p);
        rc = receive(receipt, place.p);
    }
    return rc;
}

static int delivery_usable(const shk_delivery *d) {
    return d->abi == SHK_ADAPTER_ABI && d->struct_size >= sizeof *d && d->id != NULL &&
           d->format != NULL && d->file_name != NULL && (d->head != NULL || d->head_len == 0) &&
           (d->body != NULL || d->body_len == 0);
}

static int32_t SHK_CALL folder_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    receipt->place[0] = '\0';
    if (!delivery_usable(d)) {
        return fail(h, SHK_E_ARGUMENT, "delivery");
    }
    int rows = strcmp(d->format, "csv") == 0 || strcmp(d->format, "tsv") == 0 ||
               strcmp(d->format, "fixed") == 0;
    const char *name = h->set.file[0] != '\0' ? h->set.file : d->file_name;
    if (h->set.mode == MODE_APPEND && !rows) {
        return fail(h, SHK_E_ADAPTER_SETTINGS, "mode");
    }
    if (!folder_name_usable(name)) {
        return fail(h, SHK_E_FILE_NAME, "file_name");
    }
    const struct past *before = past_find(h, d->id);
    if (before != NULL && before->delivered) {
        return receive(receipt, before->place);
    }
    if (!h->sv->is_folder(h->sv->self, h->set.folder)) {
        return fail(h, SHK_E_FOLDER_MISSING, "folder");
    }
    rows = h->set.mode == MODE_APPEND || (h->set.mode == MODE_BY_FORMAT && rows);
    return rows ? append(h, d, name, receipt) : put_own(h, d, name, receipt);
}

const shk_adapter adapter_folder = {
    .struct_size = sizeof adapter_folder,
    .abi = SHK_ADAPTER_ABI,
    .id = "folder/1",
    .open = folder_open,
    .deliver = folder_deliver,
    .close = folder_close,
};
