#include "pack_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "platform.h"

struct pack_stage stage;

static bool is_folder(const char *name) {
    return text_equal(name, "folder");
}

/* Also a test of reading from the disk. */
static void copy_pack(void) {
    const struct env disk = {.files = &platform_files};
    struct pack_folder folder;
    assert_int_equal(pack_folder_read(&disk, TEST_DATA "/packs/mihon-csv", &folder, &stage.why),
                     SHK_OK);
    for (size_t i = 0; i < folder.n; i++) {
        files_fake_set_n(&stage.files, pack_stage_path(folder.at[i].path), folder.at[i].content.p,
                         folder.at[i].content.n);
    }
    pack_folder_clear(&folder);
}

int pack_stage_open(void **state) {
    (void)state;
    memset(&stage, 0, sizeof stage);
    files_fake_init(&stage.files, "/packs");
    files_fake_add_folder(&stage.files, PACK_AT);
    files_fake_add_folder(&stage.files, PACK_AT "/samples");
    stage.env = (struct env){.files = &files_fake_ops,
                             .files_self = &stage.files,
                             .clock = &clock_fake_ops,
                             .clock_self = &stage.clock};
    stage.world = (struct pack_world){.env = &stage.env, .adapter_known = is_folder};
    copy_pack();
    return 0;
}

int pack_stage_close(void **state) {
    (void)state;
    files_fake_clear(&stage.files);
    return 0;
}

const char *pack_stage_path(const char *name) {
    static char paths[4][300];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], PACK_AT "/%s", name);
    return path;
}

const char *pack_stage_get(const char *name) {
    return files_fake_get(&stage.files, pack_stage_path(name));
}

void pack_stage_set(const char *name, const char *content) {
    files_fake_set(&stage.files, pack_stage_path(name), content);
}

void pack_stage_change(const char *name, const char *from, const char *to) {
    struct bytes made = {0};
    const char *old = pack_stage_get(name);
    assert_non_null(old);
    const char *at = strstr(old, from);
    assert_non_null(at);
    assert_int_equal(bytes_append(&made, old, (size_t)(at - old)), SHK_OK);
    assert_int_equal(bytes_append_text(&made, to), SHK_OK);
    assert_int_equal(bytes_append_text(&made, at + strlen(from)), SHK_OK);
    files_fake_set_n(&stage.files, pack_stage_path(name), made.p, made.n);
    bytes_clear(&made);
}

void pack_stage_assert_fault(int32_t rc, int32_t code, const char *where) {
    assert_string_equal(stage.why.where, where);
    assert_int_equal(rc, code);
    assert_int_equal(stage.why.code, code);
    fault_clear(&stage.why);
}
