#include "match_facts.h"

#include <string.h>

#include "fold_kana.h"
#include "host_code.h"
#include "outcome.h"
#include "text.h"
#include "when.h"

static const char *const name_paths[NAME_KINDS] = {"name", "name_other"};
static const char *const kana_paths[NAME_KINDS] = {"name_kana", "name_other_kana"};

static bool is_kana(uint32_t code) {
    code = kana_to_katakana(kana_to_full(code));
    return (code >= 0x30A1 && code <= 0x30FE) || code == ' ' || code == 0x3000;
}

static bool is_all_kana(const char *text) {
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        uint32_t code;
        size_t len = utf8_decode(text + i, n - i, &code);
        if (len == 0 || !is_kana(code)) {
            return false;
        }
        i += len;
    }
    return n > 0;
}

/* A name in kana is its own reading. */
static void read_kana_names(struct match_facts *facts) {
    for (size_t i = 0; i < NAME_KINDS; i++) {
        if (facts->kana[i][0] == '\0' && is_all_kana(facts->name[i])) {
            facts->kana[i] = facts->name[i];
        }
    }
}

static enum match_sex sex_of_word(const char *word) {
    return text_equal(word, "male")     ? MATCH_SEX_MALE
           : text_equal(word, "female") ? MATCH_SEX_FEMALE
                                        : MATCH_SEX_UNKNOWN;
}

static const char *said(const struct record_set *set, size_t record, const char *path) {
    const char *text = record_said(set, record, path).text;
    return host_is_blank(text) ? "" : text;
}

void match_facts_of_answer(const struct record_set *set, size_t record, struct match_facts *out) {
    *out = (struct match_facts){0};
    struct value birth = record_said(set, record, "birth_date");
    if (birth.len > 0) {
        (void)when_read(birth.text, birth.len, out->birth);
    }
    out->sex = sex_of_word(record_said(set, record, "derived.sex").text);
    for (size_t i = 0; i < NAME_KINDS; i++) {
        out->name[i] = said(set, record, name_paths[i]);
        out->kana[i] = said(set, record, kana_paths[i]);
    }
    out->insurer = said(set, record, "insurer_number");
    out->symbol = said(set, record, "symbol");
    out->number = said(set, record, "number");
    out->branch = said(set, record, "branch_number");
    out->has_symbols = !record_says(set, record, "derived.law_number", "39");
    read_kana_names(out);
}

/* The first one that says something, "" for none. */
static const char *text_at(const struct match_patient *patient, const char *path) {
    for (size_t i = 0; i < patient->n; i++) {
        const char *text = patient->values[i].text;
        if (text_equal(patient->values[i].path, path) && text != NULL && !host_is_blank(text)) {
            return text;
        }
    }
    return "";
}

static bool is_eight_digits(const char *text) {
    for (size_t i = 0; i < 8; i++) {
        if (!char_is_digit(text[i])) {
            return false;
        }
    }
    return text[8] == '\0';
}

void match_birth_of_patient(const struct match_patient *patient, char birth[9]) {
    const char *text = text_at(patient, "birth_date");
    if (is_eight_digits(text)) { /* the usual form, for tables of thousands */
        text_copy(birth, 9, text);
    } else {
        (void)when_read(text, strlen(text), birth);
    }
}

static enum match_sex sex_of_patient(const struct match_patient *patient) {
    const struct field *field = field_find("sex", strlen("sex"));
    const char *text = text_at(patient, "sex");
    text = text[0] != '\0' ? text : text_at(patient, "derived.sex");
    const struct code_row *row = field != NULL ? host_code(field, text) : NULL;
    return row != NULL ? sex_of_word(row->value) : MATCH_SEX_UNKNOWN;
}

void match_facts_of_patient(const struct match_patient *patient, bool medical_aid,
                            struct match_facts *out) {
    *out = (struct match_facts){0};
    match_birth_of_patient(patient, out->birth);
    out->sex = sex_of_patient(patient);
    for (size_t i = 0; i < NAME_KINDS; i++) {
        out->name[i] = text_at(patient, name_paths[i]);
        out->kana[i] = text_at(patient, kana_paths[i]);
    }
    bool own = medical_aid && text_at(patient, "medical_aid.payer_number")[0] != '\0';
    out->insurer = text_at(patient, own ? "medical_aid.payer_number" : "insurer_number");
    out->number = text_at(patient, own ? "medical_aid.recipient_number" : "number");
    out->symbol = own ? "" : text_at(patient, "symbol");
    out->branch = own ? "" : text_at(patient, "branch_number");
    out->has_symbols = true;
    read_kana_names(out);
}
