#include <jansson.h>
#include <string.h>

#include "gateway.h"

#define CHALLENGE_MIN 16
#define CHALLENGE_MAX 128
#define EXPIRES_MAX   86400

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
    if (seconds < 1 || seconds > EXPIRES_MAX) {
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
