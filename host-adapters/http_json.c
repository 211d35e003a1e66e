#include "http_json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 64
#define VALUE_MAX  1024
#define KEY_MAX    64

static json_t *load(const uint8_t *p, uint32_t len) {
    return p != NULL ? json_loadb((const char *)p, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

char *http_json_question(const shk_field *asked, uint32_t n) {
    json_t *question = json_object();
    char *out = NULL;
    int good = question != NULL;
    for (uint32_t i = 0; i < n && good; i++) {
        good = json_object_set_new(question, asked[i].to, json_string(asked[i].value)) == 0;
    }
    /* jansson's own memory need not be the one that the caller frees. */
    char *text = good ? json_dumps(question, JSON_COMPACT) : NULL;
    size_t len = text != NULL ? strlen(text) + 1 : 0;
    out = text != NULL ? malloc(len) : NULL;
    if (out != NULL) {
        memcpy(out, text, len);
    }
    free(text);
    json_decref(question);
    return out;
}

/* What no value of a patient's looks like: a remark of several lines, a picture. */
static int is_value(const char *key, json_t *value) {
    const char *text = json_string_value(value);
    size_t n = text != NULL ? strlen(text) : VALUE_MAX;
    if (n >= VALUE_MAX || n != json_string_length(value) || key[0] == '\0' ||
        strlen(key) >= KEY_MAX || strcmp(key, "id") == 0) {
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7F) {
            return 0;
        }
    }
    return 1;
}

static uint32_t read_values(json_t *patient, shk_field *values) {
    const char *key = NULL;
    json_t *value = NULL;
    uint32_t n = 0;
    json_object_foreach(patient, key, value) {
        if (n < VALUES_MAX && is_value(key, value)) {
            values[n++] = (shk_field){key, json_string_value(value)};
        }
    }
    return n;
}

static const char *read_id(json_t *patient, char number[24]) {
    json_t *id = json_object_get(patient, "id");
    if (json_is_integer(id)) {
        (void)snprintf(number, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
        return number;
    }
    const char *text = json_string_value(id);
    return text != NULL && strlen(text) == json_string_length(id) ? text : "";
}

static int32_t tell(json_t *patient, shk_patient_found found, void *who) {
    shk_field values[VALUES_MAX];
    char number[24];
    const char *id = json_is_object(patient) ? read_id(patient, number) : "";
    if (id[0] == '\0') {
        return SHK_E_HOST_ANSWER;
    }
    return found(who, id, values, read_values(patient, values));
}

int32_t http_json_patients(const uint8_t *p, uint32_t len, shk_patient_found found, void *who) {
    json_t *answer = load(p, len);
    json_t *patients = json_object_get(answer, "patients");
    int32_t rc = json_is_array(patients) ? SHK_OK : SHK_E_HOST_ANSWER;
    for (size_t i = 0; rc == SHK_OK && i < json_array_size(patients); i++) {
        rc = tell(json_array_get(patients, i), found, who);
    }
    json_decref(answer);
    return rc;
}

int http_json_text(const uint8_t *p, uint32_t len, const char *member, char *out, size_t cap) {
    json_t *answer = load(p, len);
    const char *text = json_string_value(json_object_get(answer, member));
    size_t n = text != NULL ? strlen(text) : cap;
    out[0] = '\0';
    if (n < cap) {
        memcpy(out, text, n + 1);
    }
    json_decref(answer);
    return n < cap;
}
