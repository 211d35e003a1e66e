/* Writes documents of every kind into a folder, for tests/contract/oqs_write_judge.py.
 *     oqs_written FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oqs_write.h"

#define SAMPLE_MAX 65536

static const struct oqs_head head = {"20250602", "9919999999", "T-000123"};
static const struct card_data people[2] = {{.insurer_number = "990010",
                                            .symbol = "見・１２<&>",
                                            .number = "３４５",
                                            .branch_number = "02",
                                            .birth_date = "19540105",
                                            .limit_consent = true,
                                            .identifier = "000123_1",
                                            .reference_number = "000123"},
                                           {.insurer_number = "39990015",
                                            .number = "01234567",
                                            .birth_date = "19260304",
                                            .reference_number = "見本－２"}};

static const char *folder;
static int failed;

static void keep(const char *name, enum oqs_encoding encoding, int32_t rc, struct bytes *doc) {
    char path[512];
    text_format(path, sizeof path, "%s/%s.%s.xml", folder, name,
                encoding == OQS_CP932 ? "cp932" : "utf8");
    FILE *file = rc == SHK_OK ? fopen(path, "wb") : NULL;
    if (file == NULL || fwrite(doc->p, 1, doc->n, file) != doc->n) {
        fprintf(stderr, "%s: %d\n", path, (int)rc);
        failed = 1;
    }
    if (file != NULL) {
        fclose(file);
    }
    bytes_clear(doc);
}

static void write_questions(enum oqs_encoding encoding) {
    struct bytes doc = {0};
    struct fault why = {0};
    int32_t rc = oqs_write_question(&head, &people[0], encoding, &doc, &why);
    keep("question", encoding, rc, &doc);
    rc = oqs_write_question(&head, &people[1], encoding, &doc, &why);
    keep("question_elderly", encoding, rc, &doc);
    rc = oqs_write_bulk_question(&head, people, 2, encoding, &doc, &why);
    keep("bulk_question", encoding, rc, &doc);
    rc = oqs_write_bulk_fetch("9919999999", "R00000000000000001", encoding, &doc, &why);
    keep("bulk_fetch", encoding, rc, &doc);
    rc = oqs_write_registration(&head, people, 2, encoding, &doc, &why);
    keep("registration", encoding, rc, &doc);
}

static void write_face(const char *sample, enum oqs_encoding encoding) {
    static uint8_t source[SAMPLE_MAX];
    char path[512], name[128];
    struct record_set *set = NULL;
    struct bytes doc = {0};
    text_format(path, sizeof path, "%s/oqs/%s.xml", TEST_DATA, sample);
    FILE *file = fopen(path, "rb");
    size_t n = file != NULL ? fread(source, 1, sizeof source, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    (void)oqs_read(source, n, NULL, &set, NULL);
    int32_t rc =
        set != NULL ? oqs_write_face(set, NULL, 0, encoding, NULL, NULL, &doc, NULL) : SHK_E_XML;
    text_format(name, sizeof name, "face_%s", sample);
    keep(name, encoding, rc, &doc);
    record_free(&set);
}

int main(int argc, char **argv) {
    static const char *const samples[] = {"all_groups",        "elderly_face_cp932",
                                          "insurance_and_aid", "lost_newer",
                                          "refused",           "bulk_pending"};
    if (argc != 2) {
        return 2;
    }
    folder = argv[1];
    for (int encoding = OQS_UTF8; encoding <= OQS_CP932; encoding++) {
        write_questions((enum oqs_encoding)encoding);
        for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
            write_face(samples[i], (enum oqs_encoding)encoding);
        }
    }
    return failed;
}
