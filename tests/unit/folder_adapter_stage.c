#include "folder_adapter_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct folder_desk desk;

static int32_t keep(struct services_fake *s, const char *note) {
    (void)s;
    if (desk.refuse == 0 || desk.kept_all_same) {
        text_copy(desk.note, sizeof desk.note, note);
    }
    return desk.refuse;
}

int desk_set_up(void **state) {
    (void)state;
    memset(&desk, 0, sizeof desk);
    desk.adapter = &adapter_folder;
    files_fake_init(&desk.disk, FOLDER);
    services_fake_init(&desk.lent, &files_fake_ops, &desk.disk);
    desk.lent.keep = keep;
    return 0;
}

int desk_tear_down(void **state) {
    (void)state;
    desk.adapter->close(&desk.host);
    assert_int_equal(desk.disk.locks, desk.disk.unlocks);
    assert_int_equal(desk.disk.stages_left, 0);
    files_fake_clear(&desk.disk);
    return 0;
}

int32_t desk_open(const shk_setting *more) {
    shk_setting settings[10] = {{"folder", FOLDER}};
    uint32_t n = 1;
    for (; more != NULL && more->key != NULL; more++) {
        settings[n++] = *more;
    }
    desk.adapter->close(&desk.host);
    fault_clear(&desk.lent.why);
    return desk.adapter->open(&desk.lent.table, settings, n, &desk.host);
}

static void next(const char *id, const char *format, const char *name, const char *head,
                 const char *body) {
    desk.note[0] = '\0';
    desk.d = (shk_delivery){.struct_size = sizeof desk.d,
                            .abi = SHK_ADAPTER_ABI,
                            .id = id,
                            .script = "script",
                            .format = format,
                            .encoding = "utf-8",
                            .file_name = name,
                            .head = (const uint8_t *)head,
                            .head_len = (uint32_t)strlen(head),
                            .body = (const uint8_t *)body,
                            .body_len = (uint32_t)strlen(body)};
}

void desk_row(const char *id, const char *head, const char *row) {
    next(id, "csv", "rows.csv", head, row);
}

void desk_document(const char *id, const char *name, const char *body) {
    next(id, "xml", name, "", body);
}

int32_t desk_deliver(int32_t attempt) {
    char note[SHK_NOTE_MAX];
    text_copy(note, sizeof note, desk.note);
    desk.d.attempt = attempt;
    desk.d.note = attempt > 0 ? note : NULL;
    desk.receipt = (shk_receipt){.struct_size = sizeof desk.receipt, .abi = SHK_ADAPTER_ABI};
    fault_clear(&desk.lent.why);
    int32_t rc = desk.adapter->deliver(desk.host, &desk.d, &desk.receipt);
    assert_int_equal(rc, desk.lent.why.code);
    return rc;
}

const char *desk_path(const char *name) {
    static char path[4][400];
    static unsigned at;
    char *to = path[at++ % 4];
    text_format(to, sizeof path[0], "%s/%s", FOLDER, name);
    return to;
}

void desk_expect(const char *name, const char *content) {
    const char *there = files_fake_get(&desk.disk, desk_path(name));
    if (content == NULL) {
        assert_null(there);
        return;
    }
    assert_non_null(there);
    assert_string_equal(there, content);
}

size_t desk_count(const char *prefix) {
    size_t n = 0;
    for (size_t i = 0; i < desk.disk.files_n; i++) {
        n += text_starts(text_file_name(desk.disk.file[i].path), prefix) ? 1 : 0;
    }
    return n;
}
