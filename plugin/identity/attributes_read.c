/* What stands in the file of the four attributes. */
#include "attributes.h"
#include "text.h"
#include "tlv.h"

enum attribute_tag {
    TAG_NAME = 0xDF22,
    TAG_ADDRESS = 0xDF23,
    TAG_BIRTH_DATE = 0xDF24,
    TAG_SEX = 0xDF25
};

#define BIRTH_LEN  8
#define YEAR_FIRST 1868

void attributes_clear(struct attributes *a) {
    bytes_clear(&a->name);
    bytes_clear(&a->address);
    memory_wipe(a, sizeof *a);
}

static int32_t refuse(struct fault *why, const char *where) {
    return fault_set(why, SHK_E_ATTRIBUTES, SHK_NATIVE_NONE, 0, where);
}

static bool is_control(uint8_t byte) {
    return byte < 0x20 || byte == 0x7F;
}

/* UTF-8 that says something; no line may be broken by it. */
static bool is_text(const struct tlv *object) {
    for (size_t i = 0; i < object->len; i++) {
        if (is_control(object->value[i])) {
            return false;
        }
    }
    return object->len > 0 && utf8_valid((const char *)object->value, object->len);
}

static int32_t take_text(const struct tlv *object, struct bytes *to, struct fault *why,
                         const char *where) {
    if (to->n > 0 || !is_text(object)) {
        return refuse(why, where);
    }
    int32_t rc = bytes_append(to, object->value, object->len);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

static int number_at(const uint8_t *p, size_t n) {
    int number = 0;
    for (size_t i = 0; i < n; i++) {
        number = number * 10 + (p[i] - '0');
    }
    return number;
}

static bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_date(const uint8_t *p) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (size_t i = 0; i < BIRTH_LEN; i++) {
        if (!char_is_digit((char)p[i])) {
            return false;
        }
    }
    int year = number_at(p, 4), month = number_at(p + 4, 2), day = number_at(p + 6, 2);
    if (year < YEAR_FIRST || month < 1 || month > 12) {
        return false;
    }
    return day >= 1 && day <= days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static int32_t take_birth_date(const struct tlv *object, struct attributes *out,
                               struct fault *why) {
    if (out->birth_date[0] != '\0' || object->len != BIRTH_LEN || !is_date(object->value)) {
        return refuse(why, "birth date");
    }
    text_copy_n(out->birth_date, sizeof out->birth_date, (const char *)object->value, BIRTH_LEN);
    return SHK_OK;
}

static int32_t take_sex(const struct tlv *object, struct attributes *out, struct fault *why) {
    char sex = object->len == 1 ? (char)object->value[0] : '\0';
    if (out->sex != '\0' || (sex != '0' && sex != '1' && sex != '2' && sex != '9')) {
        return refuse(why, "sex");
    }
    out->sex = sex;
    return SHK_OK;
}

static int32_t take(const struct tlv *object, struct attributes *out, struct fault *why) {
    switch (object->tag) {
    case TAG_NAME:
        return take_text(object, &out->name, why, "name");
    case TAG_ADDRESS:
        return take_text(object, &out->address, why, "address");
    case TAG_BIRTH_DATE:
        return take_birth_date(object, out, why);
    case TAG_SEX:
        return take_sex(object, out, why);
    default:
        return SHK_OK;
    }
}

static int32_t take_all(const uint8_t *p, size_t n, struct attributes *out, struct fault *why) {
    int32_t rc = SHK_OK;
    for (size_t at = 0; rc == SHK_OK && at < n;) {
        struct tlv object;
        if (!tlv_head(p + at, n - at, &object) || object.total > n - at) {
            return refuse(why, "object");
        }
        rc = take(&object, out, why);
        at += object.total;
    }
    return rc;
}

static int32_t require_all(const struct attributes *out, struct fault *why) {
    const char *missing = out->name.n == 0             ? "name"
                          : out->address.n == 0        ? "address"
                          : out->birth_date[0] == '\0' ? "birth date"
                          : out->sex == '\0'           ? "sex"
                                                       : NULL;
    return missing == NULL ? SHK_OK : refuse(why, missing);
}

int32_t attributes_parse(const uint8_t *p, size_t n, struct attributes *out, struct fault *why) {
    struct tlv file;
    *out = (struct attributes){0};
    if (!tlv_head(p, n, &file) || file.tag != ATTRIBUTES_TAG || file.total > n) {
        return refuse(why, "container");
    }
    int32_t rc = take_all(file.value, file.len, out, why);
    rc = rc == SHK_OK ? require_all(out, why) : rc;
    if (rc != SHK_OK) {
        attributes_clear(out);
    }
    return rc;
}
