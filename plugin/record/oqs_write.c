#include "oqs_write.h"

#include <string.h>

#include "oqs_output.h"

#define INSURER_WIDTH 8

static void open(struct oqs_output *d, const char *name) {
    oqs_output_open(d, name, strlen(name));
}

static void close(struct oqs_output *d, const char *name) {
    oqs_output_close(d, name, strlen(name));
}

static void put(struct oqs_output *d, const char *name, const char *text) {
    oqs_output_put(d, name, strlen(name), text);
}

static void put_given(struct oqs_output *d, const char *name, const char *text) {
    if (text[0] != '\0') {
        put(d, name, text);
    }
}

static void put_insurer(struct oqs_output *d, const char *digits) {
    char padded[INSURER_WIDTH + 1];
    text_format(padded, sizeof padded, "%*s", INSURER_WIDTH, digits);
    put(d, "InsurerNumber", padded);
}

/* Hosts drop the leading zero of numbers. */
static void put_branch(struct oqs_output *d, const char *digits) {
    char two[16];
    text_format(two, sizeof two, "%s%s", strlen(digits) == 1 ? "0" : "", digits);
    put_given(d, "InsuredBranchNumber", two);
}

static bool is_digits(const char *text, size_t n) {
    size_t i = 0;
    while (char_is_digit(text[i])) {
        i++;
    }
    return i == n && text[i] == '\0';
}

static void put_institution(struct oqs_output *d, const char *code) {
    if (!is_digits(code, 10)) {
        oqs_output_fail(d, SHK_E_INPUT, "institution_code");
    }
    put(d, "MedicalInstitutionCode", code);
}

static void put_head(struct oqs_output *d, const struct oqs_head *head) {
    if (head->date[0] != '\0' && !is_digits(head->date, 8)) {
        oqs_output_fail(d, SHK_E_INPUT, "date");
    }
    open(d, "MessageHeader");
    put_given(d, "QualificationConfirmationDate", head->date);
    put_institution(d, head->institution_code);
    put_given(d, "ArbitraryFileIdentifier", head->file_identifier);
    close(d, "MessageHeader");
}

static void put_card(struct oqs_output *d, const struct card_data *data) {
    put_insurer(d, data->insurer_number);
    put_given(d, "InsuredCardSymbol", data->symbol);
    put_given(d, "InsuredIdentificationNumber", data->number);
    put_branch(d, data->branch_number);
}

static void put_search(struct oqs_output *d, const struct card_data *data) {
    open(d, "QualificationConfirmSearchInfo");
    put_card(d, data);
    put_given(d, "Birthdate", data->birth_date);
    put(d, "LimitApplicationCertificateRelatedConsFlg", data->limit_consent ? "1" : "0");
    put_given(d, "ArbitraryIdentifier", data->identifier);
    close(d, "QualificationConfirmSearchInfo");
}

static void put_registration(struct oqs_output *d, const struct card_data *data) {
    open(d, "ReferenceNumberRegistrationInfo");
    put(d, "ReferenceNumber", data->reference_number);
    put_card(d, data);
    close(d, "ReferenceNumberRegistrationInfo");
}

/* Room for the others, after the first: growing step by step would hold a large document twice. */
static void make_room(struct oqs_output *d, size_t each, size_t others) {
    if (d->rc == SHK_OK && others > 0 &&
        bytes_reserve(&d->text, d->text.n + (each + each / 8) * others) != SHK_OK) {
        oqs_output_fail(d, SHK_E_MEMORY, NULL);
    }
}

static int32_t write_people(const struct oqs_head *head, const struct card_data *data, size_t n,
                            void (*put_one)(struct oqs_output *, const struct card_data *),
                            enum oqs_encoding encoding, struct bytes *out, struct fault *why) {
    struct oqs_output d;
    oqs_output_begin(&d, encoding, why);
    if (n == 0) {
        oqs_output_fail(&d, SHK_E_INPUT, "people");
    }
    put_head(&d, head);
    open(&d, "MessageBody");
    for (size_t i = 0; i < n && d.rc == SHK_OK; i++) {
        size_t before = d.text.n;
        put_one(&d, &data[i]);
        if (i == 0) {
            make_room(&d, d.text.n - before, n - 1);
        }
    }
    close(&d, "MessageBody");
    return oqs_output_end(&d, out);
}

int32_t oqs_write_question(const struct oqs_head *head, const struct card_data *data,
                           enum oqs_encoding encoding, struct bytes *out, struct fault *why) {
    return write_people(head, data, 1, put_search, encoding, out, why);
}

int32_t oqs_write_bulk_question(const struct oqs_head *head, const struct card_data *data, size_t n,
                                enum oqs_encoding encoding, struct bytes *out, struct fault *why) {
    return write_people(head, data, n, put_search, encoding, out, why);
}

int32_t oqs_write_registration(const struct oqs_head *head, const struct card_data *data, size_t n,
                               enum oqs_encoding encoding, struct bytes *out, struct fault *why) {
    return write_people(head, data, n, put_registration, encoding, out, why);
}

int32_t oqs_write_bulk_fetch(const char *institution_code, const char *reception_number,
                             enum oqs_encoding encoding, struct bytes *out, struct fault *why) {
    struct oqs_output d;
    oqs_output_begin(&d, encoding, why);
    open(&d, "MessageHeader");
    put_institution(&d, institution_code);
    close(&d, "MessageHeader");
    open(&d, "MessageBody");
    put(&d, "ReceptionNumber", reception_number);
    close(&d, "MessageBody");
    return oqs_output_end(&d, out);
}
