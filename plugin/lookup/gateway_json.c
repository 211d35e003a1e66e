#include <jansson.h>
#include <string.h>

#include "gateway.h"

#define CHALLENGE_MIN 16
#define CHALLENGE_MAX 128

static bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || char_is_digit(c);
}

static bool is_base64url(const char *text, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!is_letter_or_digit(text[i]) && text[i] != '-' && text[i] != '_') {
            return false;
        }
    }
    return true;
}

/* Null when it is not one JSON object. */
static json_t *object_of(const struct bytes *body) {
    json_t *root = json_loadb(bytes_text(body), body->n, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(root)) {
        json_decref(root);
        return NULL;
    }
    return root;
}

static bool take_challenge(const json_t *value, char challenge[129]) {
    const char *text = json_string_value(value);
    size_t n = json_string_length(value);
    if (text == NULL || n < CHALLENGE_MIN || n > CHALLENGE_MAX || !is_base64url(text, n)) {
        return false;
    }
    text_copy(challenge, CHALLENGE_MAX + 1, text);
    return true;
}

static bool take_expiry(const json_t *value, int32_t *expires_in_s) {
    json_int_t seconds = json_integer_value(value); /* 0 for anything but an integer */
    if (seconds < 1 || seconds > GATEWAY_EXPIRES_MAX) {
        return false;
    }
    *expires_in_s = (int32_t)seconds;
    return true;
}

bool gateway_challenge_read(const struct bytes *json, char challenge[129], int32_t *expires_in_s) {
    json_t *root = object_of(json);
    challenge[0] = '\0';
    *expires_in_s = 0;
    bool good = take_expiry(json_object_get(root, "expires_in"), expires_in_s) &&
                take_challenge(json_object_get(root, "challenge"), challenge);
    json_decref(root);
    return good;
}

/* The number of n digits at `text`; -1 when they are none. */
static int32_t digits_at(const char *text, size_t n) {
    int32_t number = 0;
    for (size_t i = 0; i < n; i++) {
        if (!char_is_digit(text[i])) {
            return -1;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

static int64_t days_from_1970(int64_t year, int64_t month, int64_t day) {
    /* March is the first month of the counted year, so that the leap day is its last. */
    year -= month <= 2;
    int64_t era = year / 400;
    int64_t of_era = year % 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "2026-06-02T00:15:30Z" and nothing else. */
static bool take_time(const char *text, int64_t *seconds) {
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    size_t n = text != NULL ? strlen(text) : 0;
    for (size_t i = 0; i < n && n == sizeof form - 1; i++) {
        bool fits = form[i] == 'd' ? char_is_digit(text[i]) : text[i] == form[i];
        n = fits ? n : 0;
    }
    if (n != sizeof form - 1) {
        return false;
    }
    int32_t year = digits_at(text, 4);
    int32_t month = digits_at(text + 5, 2);
    int32_t day = digits_at(text + 8, 2);
    int32_t hour = digits_at(text + 11, 2);
    int32_t minute = digits_at(text + 14, 2);
    int32_t second = digits_at(text + 17, 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
        second > 60) {
        return false;
    }
    *seconds = days_from_1970(year, month, day) * 86400 + (int64_t)hour * 3600 +
               (int64_t)minute * 60 + second;
    return true;
}

bool gateway_status_read(const struct bytes *json, int64_t *time_s) {
    json_t *root = object_of(json);
    *time_s = 0;
    bool good = take_time(json_string_value(json_object_get(root, "time")), time_s);
    json_decref(root);
    return good;
}

static const char *last_segment(const char *type) {
    const char *last = type;
    for (const char *c = type; *c != '\0'; c++) {
        if (*c == '/' || *c == ':' || *c == '#') {
            last = c + 1;
        }
    }
    return last;
}

/* Only a plain name may go where people read it. */
static void take_name(const char *text, char *out, size_t cap) {
    size_t n = text != NULL ? strlen(text) : 0;
    if (n > 0 && n < cap && is_base64url(text, n)) {
        text_copy(out, cap, text);
    }
}

bool gateway_problem_read(const struct bytes *json, struct gateway_problem *out) {
    json_t *root = object_of(json);
    const char *type = json_string_value(json_object_get(root, "type"));
    *out = (struct gateway_problem){0};
    if (type != NULL) {
        take_name(last_segment(type), out->type, sizeof out->type);
        const char *element = json_string_value(json_object_get(root, "element"));
        take_name(element, out->element, sizeof out->element);
    }
    json_decref(root);
    return out->type[0] != '\0';
}
