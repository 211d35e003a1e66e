/* Writing OQS XML: questions, and results in the shape that hosts import. */
#ifndef RECORD_OQS_WRITE_H
#define RECORD_OQS_WRITE_H

#include "record.h"

/* 記号・番号・枝番・生年月日・保険者番号 of one person, all UTF-8; "" stands for not given. */
struct card_data {
    char insurer_number[9];                          /* digits without padding */
    char symbol[128], number[128], branch_number[8]; /* up to 20, 20 and 2 characters */
    char birth_date[9];                              /* yyyyMMdd */
    bool limit_consent;
    char identifier[128];       /* 任意の識別子 */
    char reference_number[256]; /* 照会番号, only for registering; up to 50 characters */
};
/* SHK_OK, or SHK_E_INPUT / SHK_E_CHECK_DIGIT with the member's name in `where`. `check_digit` false leaves
 * the insurer number's check digit alone. */
int32_t card_data_check(const struct card_data *data, bool check_digit, struct fault *why);

struct oqs_head {
    const char *date; /* yyyyMMdd; "" leaves the element out */
    const char *institution_code, *file_identifier;
};

enum oqs_encoding { OQS_UTF8, OQS_CP932 };

/* All append a whole document with its declaration, or nothing: one element a line, CRLF. A branch number of
 * one digit gets its zero, an insurer number its spaces. SHK_E_CHARACTER_LOST with the element in `where`
 * when code page 932 or XML lacks a character (nothing is replaced, no numeric reference is written),
 * SHK_E_INPUT for a head that is none and for no person at all, SHK_E_MEMORY. */
int32_t oqs_write_question(const struct oqs_head *head, const struct card_data *data,
                           enum oqs_encoding encoding, struct bytes *out, struct fault *why);
int32_t oqs_write_bulk_question(const struct oqs_head *head, const struct card_data *data, size_t n,
                                enum oqs_encoding encoding, struct bytes *out, struct fault *why);
/* *02req: asks for the result that a reception number stands for. */
int32_t oqs_write_bulk_fetch(const char *institution_code, const char *reception_number,
                             enum oqs_encoding encoding, struct bytes *out, struct fault *why);
/* 照会番号登録, one (siimm01) or several (muimm01): the same shape. */
int32_t oqs_write_registration(const struct oqs_head *head, const struct card_data *data, size_t n,
                               enum oqs_encoding encoding, struct bytes *out, struct fault *why);

/* A result in the shape of a face push from what a set says: header and body in the order of pushed
 * files, every field of the table that is present or empty, absent ones left out, insurer numbers padded
 * to 8 with spaces, code words back as codes. Derived values and drift are not written. What is not known
 * is not invented: the caller adds it in `extra` (path and value; SHK_E_PATH when there is no such path),
 * for hosts that insist; it fills gaps and replaces nothing. CharacterCodeIdentifier is that of the bytes
 * written. */
struct oqs_extra {
    const char *path, *value; /* as the source would write the value */
};
/* What is written for a character that code page 932 lacks. */
struct oqs_instead {
    /* Appends it; SHK_E_ABSENT: nothing may stand for it, and the document is refused. */
    int32_t (*append)(void *self, const char *element, size_t n, uint32_t code, struct bytes *out);
    void *self;
};
/* `instead` may be null. `sees` (by field_index; null: all) says which fields are written: of another one not
 * even what `extra` has. */
int32_t oqs_write_face(const struct record_set *set, const struct oqs_extra *extra, size_t extra_n,
                       enum oqs_encoding encoding, const struct oqs_instead *instead,
                       const uint8_t *sees, struct bytes *out, struct fault *why);
/* "OQSsiquc01res_face_<10-digit code><20 hex digits>_<yyyyMMddHHmmss>.xml": a name with the middle part
 * that hosts match. SHK_E_ARGUMENT when code or time are not their digits. */
int32_t oqs_face_file_name(const char *institution_code, const uint8_t random[10],
                           const char *time14, char out[80]);

#endif
