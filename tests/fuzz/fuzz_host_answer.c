/* What a host's service answers. The first byte: 'x' XML of ORCA, else JSON of the http adapter. */
#include <string.h>

#include "fuzz.h"
#include "http_json.h"
#include "orca_xml.h"
#include "shikaku/codes.h"

#define NODES_MAX 10000
#define DEPTH     12 /* as far as what is copied into a request goes */

static size_t seen;

static bool is_line(const char *text) {
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7F) {
            return false;
        }
    }
    return true;
}

static int32_t SHK_CALL found(void *who, const char *id, const shk_field *values,
                              uint32_t values_n) {
    (void)who;
    fuzz_must(id != NULL && id[0] != '\0' && values_n <= 64, "a patient without a number");
    for (uint32_t i = 0; i < values_n; i++) {
        fuzz_must(values[i].to[0] != '\0' && strcmp(values[i].to, "id") != 0, "a second number");
        fuzz_must(is_line(values[i].value) && strlen(values[i].value) < 1024, "no value");
    }
    seen++;
    return SHK_OK;
}

static void read_json(const struct fuzz_input *in) {
    char text[40];
    char short_text[4];
    uint32_t n = (uint32_t)in->n;
    seen = 0;
    int32_t rc = http_json_patients(in->p, n, found, NULL);
    fuzz_should(rc == SHK_OK || rc == SHK_E_HOST_ANSWER, "another fault");
    int has = http_json_text(in->p, n, "message", text, sizeof text);
    fuzz_must(strlen(text) < sizeof text && (has || text[0] == '\0'), "a text that is none");
    (void)http_json_text(in->p, n, "message", short_text, sizeof short_text);
    fuzz_must(strlen(short_text) < sizeof short_text, "a text that does not fit");
}

/* The elements below and beside this one. */
static size_t count(const orca_node *node, size_t depth) {
    size_t n = 0;
    char text[16];
    for (; node != NULL && depth < DEPTH && n < NODES_MAX; node = orca_next(node)) {
        int fits = orca_value(node, "", text, sizeof text);
        fuzz_must(strlen(text) < sizeof text && (fits || text[0] == '\0'), "a text without end");
        n += 1 + count(orca_first(node), depth + 1);
    }
    return n;
}

/* What is copied out of an answer into a request is again such a document. */
static void copy_back(const struct orca_xml *xml) {
    struct orca_out out = {0};
    struct orca_xml *again = NULL;
    orca_put_open(&out, "data", NULL);
    orca_put_copy(&out, orca_xml_root(xml));
    orca_put_close(&out, "data");
    if (!out.failed) {
        fuzz_should(orca_xml_read((const uint8_t *)out.p, (uint32_t)out.n, &again) == SHK_OK,
                    "a copy that is no document");
    }
    orca_xml_free(&again);
    orca_out_clear(&out);
}

static void read_xml(const struct fuzz_input *in) {
    struct orca_xml *xml = NULL;
    char id[21];
    int32_t rc = orca_xml_read(in->p, (uint32_t)in->n, &xml);
    fuzz_must((rc == SHK_OK) == (xml != NULL), "neither document nor fault");
    if (xml == NULL) {
        return;
    }
    const orca_node *root = orca_xml_root(xml);
    fuzz_must(root != NULL && count(root, 0) > 0, "a document without an element");
    (void)orca_value(orca_find(orca_first(root), "Patient_Information/Patient_ID"), "", id,
                     sizeof id);
    fuzz_must(strlen(id) < sizeof id, "a number without end");
    copy_back(xml);
    orca_xml_free(&xml);
}

void fuzz_one(const uint8_t *p, size_t n) {
    struct fuzz_input in = {p, n};
    if (fuzz_byte(&in) == 'x') {
        read_xml(&in);
    } else {
        read_json(&in);
    }
}
