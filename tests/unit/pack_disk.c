#include "pack_disk.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "pack_folder.h"
#include "platform.h"

bool pack_disk_make(struct pack_disk *d) {
    const struct env disk = {.files = &platform_files};
    struct pack_folder folder;
    struct fault why = {0};
    char path[200];
    if (!temp_folder_make(&d->folder)) {
        return false;
    }
    text_format(d->pack, sizeof d->pack, "%s/mihon-csv", d->folder.path);
    text_format(path, sizeof path, "%s/samples", d->pack);
    if (mkdir(d->pack, 0700) != 0 || mkdir(path, 0700) != 0 ||
        pack_folder_read(&disk, TEST_DATA "/packs/mihon-csv", &folder, &why) != SHK_OK) {
        return false;
    }
    for (size_t i = 0; i < folder.n; i++) {
        pack_disk_write(d, folder.at[i].path, &folder.at[i].content);
    }
    pack_folder_clear(&folder);
    return true;
}

static void remove_all(const char *path) {
    DIR *dir = opendir(path);
    const struct dirent *entry = NULL;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char inner[600];
        text_format(inner, sizeof inner, "%s/%s", path, entry->d_name);
        bool dots = text_equal(entry->d_name, ".") || text_equal(entry->d_name, "..");
        if (!dots && unlink(inner) != 0) {
            remove_all(inner);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    rmdir(path);
}

void pack_disk_remove(struct pack_disk *d) {
    remove_all(d->folder.path);
}

const char *pack_disk_path(const struct pack_disk *d, const char *name) {
    static _Thread_local char paths[4][400];
    static _Thread_local unsigned next;
    char *path = paths[next++ % 4];
    text_format(path, sizeof paths[0], "%s/%s", d->pack, name);
    return path;
}

void pack_disk_read(const struct pack_disk *d, const char *name, struct bytes *out) {
    assert_int_equal(platform_files.read(NULL, pack_disk_path(d, name), (size_t)1 << 22, out, NULL),
                     SHK_OK);
}

void pack_disk_write(const struct pack_disk *d, const char *name, const struct bytes *content) {
    assert_int_equal(
        platform_files.put(NULL, pack_disk_path(d, name), content->p, content->n, true, NULL),
        SHK_OK);
}

void pack_disk_set(const struct pack_disk *d, const char *name, const char *content) {
    struct bytes made = {0};
    assert_int_equal(bytes_append_text(&made, content), SHK_OK);
    pack_disk_write(d, name, &made);
    bytes_clear(&made);
}

void pack_disk_drop(const struct pack_disk *d, const char *name) {
    assert_int_equal(unlink(pack_disk_path(d, name)), 0);
}

void pack_disk_change(const struct pack_disk *d, const char *name, const char *from,
                      const char *to) {
    struct bytes old = {0}, made = {0};
    pack_disk_read(d, name, &old);
    const char *at = strstr(bytes_text(&old), from);
    assert_non_null(at);
    assert_int_equal(bytes_append(&made, old.p, (size_t)(at - bytes_text(&old))), SHK_OK);
    assert_int_equal(bytes_append_text(&made, to), SHK_OK);
    assert_int_equal(bytes_append_text(&made, at + strlen(from)), SHK_OK);
    pack_disk_write(d, name, &made);
    bytes_clear(&old);
    bytes_clear(&made);
}
