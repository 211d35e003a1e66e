/* Documents of format "face" as an eligibility terminal pushes them, for hosts that import those: a file
 * for each, called as the terminal calls them. */
#include <string.h>

#include "folder_work.h"
#include "registry.h"

#define CODE_DIGITS 10
#define LARGEST     (4u << 20) /* more is not read by those who import such files */
#define HEAD_MOST   256        /* bytes in which declaration and root stand */

static const char *find_refused(const struct folder_settings *set) {
    if (set->mode != MODE_BY_FORMAT) {
        return "mode";
    }
    if (set->file[0] != '\0') {
        return "file";
    }
    return set->name_by != NAME_BY_NOBODY ? "name_by" : NULL;
}

static int32_t SHK_CALL face_open(const shk_services *sv, const shk_setting *settings,
                                  uint32_t settings_n, shk_host **out) {
    struct folder_settings set;
    const char *bad = folder_settings_read(&set, settings, settings_n);
    bad = bad != NULL ? bad : find_refused(&set);
    set.name_by = NAME_BY_TERMINAL;
    return folder_make(sv, &set, bad, out);
}

/* What follows `text` in the first `most` bytes; null when it is not there. */
static const char *behind(const shk_delivery *d, const char *text, uint32_t most) {
    uint32_t n = (uint32_t)strlen(text), end = d->body_len < most ? d->body_len : most;
    for (uint32_t i = 0; i + n <= end; i++) {
        if (memcmp(d->body + i, text, n) == 0) {
            return (const char *)d->body + i + n;
        }
    }
    return NULL;
}

static int is_face(const shk_delivery *d) {
    int utf8 = strcmp(d->encoding, "utf-8") == 0;
    const char *declared = utf8 ? " encoding=\"UTF-8\"" : " encoding=\"Shift_JIS\"";
    return strcmp(d->format, "face") == 0 && (utf8 || strcmp(d->encoding, "cp932") == 0) &&
           d->head_len == 0 && d->body_len > 5 && memcmp(d->body, "<?xml", 5) == 0 &&
           behind(d, declared, HEAD_MOST) != NULL && behind(d, "<XmlMsg>", HEAD_MOST) != NULL;
}

/* Zeros where the document names no institution: who imports it looks for something in that place. */
static void code_of(const shk_delivery *d, char out[CODE_DIGITS + 1]) {
    const char *end = (const char *)d->body + d->body_len;
    const char *p = behind(d, "<MedicalInstitutionCode>", d->body_len);
    memset(out, '0', CODE_DIGITS);
    out[CODE_DIGITS] = '\0';
    if (p == NULL || end - p < CODE_DIGITS) {
        return;
    }
    for (int i = 0; i < CODE_DIGITS; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return;
        }
    }
    memcpy(out, p, CODE_DIGITS);
}

static int32_t SHK_CALL face_deliver(shk_host *h, const shk_delivery *d, shk_receipt *receipt) {
    char code[CODE_DIGITS + 1];
    receipt->place[0] = '\0';
    if (!folder_delivery_usable(d)) {
        return work_fail(h, SHK_E_ARGUMENT, "delivery");
    }
    if (!is_face(d)) {
        return work_fail(h, SHK_E_ADAPTER_SETTINGS, "adapter");
    }
    if (d->body_len > LARGEST) {
        return work_fail(h, SHK_E_FILE_TOO_LARGE, "adapter");
    }
    code_of(d, code);
    return folder_run(h, d, 0, code, receipt);
}

const shk_adapter adapter_oqs_face = {
    .struct_size = sizeof adapter_oqs_face,
    .abi = SHK_ADAPTER_ABI,
    .id = "oqs-face/1",
    .open = face_open,
    .deliver = face_deliver,
    .close = folder_free,
};
