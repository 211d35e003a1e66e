/* Documents into a folder that the host watches: rows in one file, or a file for each. */
#include <string.h>

#include "folder_work.h"
#include "registry.h"

static int32_t SHK_CALL folder_open(const shk_services *sv, const shk_setting *settings,
                                    uint32_t settings_n, shk_host **out) {
    struct folder_settings set;
    const char *bad = folder_settings_read(&set, settings, settings_n);
    return folder_make(sv, &set, bad, out);
}

static int is_rows(const char *format) {
    return strcmp(format, "csv") == 0 || strcmp(format, "tsv") == 0 || strcmp(format, "fixed") == 0;
}

static int32_t SHK_CALL folder_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    receipt->place[0] = '\0';
    if (!folder_delivery_usable(d)) {
        return work_fail(h, SHK_E_ARGUMENT, "delivery");
    }
    int by_us = h->set.name_by == NAME_BY_ID || h->set.name_by == NAME_BY_TIME;
    int rows = is_rows(d->format);
    if (h->set.mode == MODE_APPEND && !rows) {
        return work_fail(h, SHK_E_ADAPTER_SETTINGS, "mode");
    }
    rows = rows && h->set.mode != MODE_FILE;
    if (rows && by_us) {
        return work_fail(h, SHK_E_ADAPTER_SETTINGS, "name_by");
    }
    return folder_run(h, d, rows, "", receipt);
}

const shk_adapter adapter_folder = {
    .struct_size = sizeof adapter_folder,
    .abi = SHK_ADAPTER_ABI,
    .id = "folder/1",
    .open = folder_open,
    .deliver = folder_deliver,
    .close = folder_free,
};
