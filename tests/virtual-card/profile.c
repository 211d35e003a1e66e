/* The personalisation file: `key = value` lines, # comments, UTF-8. A later line wins. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define LINE_CAP 2048

enum kind { K_TEXT, K_NUMBER, K_YES_NO, K_PATH, K_ATR, K_SW, K_FORM, K_ANSWER_AT, K_ANSWER_TO };

#define TEXT(field)                                                                                \
    { #field, K_TEXT, offsetof(struct profile, field), sizeof(((struct profile *)0)->field) }
#define PATH(field)                                                                                \
    { #field, K_PATH, offsetof(struct profile, field), PATH_CAP }
#define NUMBER(field, max)                                                                         \
    { #field, K_NUMBER, offsetof(struct profile, field), max }
#define YES_NO(field)                                                                              \
    { #field, K_YES_NO, offsetof(struct profile, field), 1 }

static const struct key {
    const char *name;
    enum kind kind;
    size_t offset;
    size_t limit; /* capacity of a text, greatest number */
} keys[] = {
    TEXT(label),
    TEXT(pin),
    TEXT(sign_password),
    TEXT(text_pin),
    TEXT(code_b),
    TEXT(name),
    TEXT(address),
    TEXT(birth),
    TEXT(sex),
    TEXT(common_record),
    NUMBER(pin_tries, 3),
    NUMBER(sign_tries, 5),
    NUMBER(text_tries, 3),
    NUMBER(code_b_tries, 10),
    PATH(auth_key),
    PATH(auth_cert),
    PATH(auth_ca),
    PATH(sign_key),
    PATH(sign_cert),
    PATH(sign_ca),
    PATH(text_key),
    PATH(state),
    PATH(forbidden_marker),
    NUMBER(chaining_61xx, 65535),
    NUMBER(delay_ms, 3600000),
    NUMBER(sign_delay_ms, 3600000),
    NUMBER(remove_at_apdu, 1000000),
    NUMBER(filler, 32768),
    YES_NO(first_command_6f00),
    YES_NO(child),
    YES_NO(android),
    YES_NO(old_juki),
    YES_NO(no_jpki),
    YES_NO(no_extended),
    YES_NO(verify_survives_reset),
    YES_NO(select_clears_verify),
    YES_NO(accept_aid_prefix),
    YES_NO(verified_query_9000),
    YES_NO(allow_signature),
    YES_NO(no_short_ids),
    YES_NO(no_short_verify),
    YES_NO(no_short_sign),
    YES_NO(extended_drops),
    YES_NO(extended_short),
    YES_NO(iphone),
    YES_NO(no_certificate),
    YES_NO(no_pin_key),
    NUMBER(hang_at_apdu, 1000000),
    {"short_id_sw", K_SW, offsetof(struct profile, short_id_sw), 0},
    {"short_sign_sw", K_SW, offsetof(struct profile, short_sign_sw), 0},
    {"ecdsa_form", K_FORM, 0, 0},
    {"atr", K_ATR, 0, 0},
    {"answer_at", K_ANSWER_AT, 0, 0},
    {"answer_to", K_ANSWER_TO, 0, 0},
};

static void *field(struct profile *p, const struct key *k) {
    return (char *)p + k->offset;
}

static int take_text(char *to, size_t cap, const char *v) {
    size_t n = strlen(v);

    if (n >= cap) {
        return -1;
    }
    memcpy(to, v, n + 1);
    return 0;
}

static int take_number(int32_t *to, const char *v, int32_t max) {
    int32_t n = 0;

    if (*v == '\0') {
        return -1;
    }
    for (; *v != '\0'; v++) {
        if (*v < '0' || *v > '9' || n > max / 10) {
            return -1;
        }
        n = n * 10 + (*v - '0');
    }
    if (n > max) {
        return -1;
    }
    *to = n;
    return 0;
}

static int take_yes_no(int32_t *to, const char *v) {
    if (strcmp(v, "yes") != 0 && strcmp(v, "no") != 0) {
        return -1;
    }
    *to = v[0] == 'y';
    return 0;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Any length that fits, so that a test may place a card with half an ATR. */
static int take_atr(struct profile *p, const char *v) {
    size_t n = 0;

    if (*v == '\0') {
        return -1;
    }
    if (strcmp(v, "none") == 0) {
        v = "";
    }
    while (*v != '\0') {
        int high, low;

        if (*v == ' ') {
            v++;
            continue;
        }
        high = hex_digit(v[0]);
        low = high < 0 ? -1 : hex_digit(v[1]);
        if (low < 0 || n == sizeof p->atr) {
            return -1;
        }
        p->atr[n++] = (uint8_t)(high * 16 + low);
        v += 2;
    }
    p->atr_len = n;
    p->atr_given = 1;
    return 0;
}

static int take_sw(int32_t *to, const char *v) {
    int32_t sw = 0;
    size_t i;

    for (i = 0; i < 4; i++) {
        int digit = hex_digit(v[i]);

        if (digit < 0) {
            return -1;
        }
        sw = sw * 16 + digit;
    }
    *to = sw;
    return v[4] == '\0' && sw != 0 ? 0 : -1;
}

static int take_form(struct profile *p, const char *v) {
    if (strcmp(v, "raw") != 0 && strcmp(v, "der") != 0) {
        return -1;
    }
    p->ecdsa_form = v[0] == 'd' ? ECDSA_DER : ECDSA_RAW;
    return 0;
}

static int take_rule(struct profile *p, const char *v, int by_number) {
    if (p->rules_n == RULES_MAX || script_parse(&p->rules[p->rules_n], v, by_number) != 0) {
        return -1;
    }
    p->rules_n++;
    return 0;
}

static int is_absolute(const char *v) {
    return v[0] == '/' || v[0] == '\\' || (v[0] != '\0' && v[1] == ':');
}

/* Relative paths start at the profile's own folder; "none" is no file. */
static int take_path(char *to, const char *profile_path, const char *v) {
    const char *slash = strrchr(profile_path, '/');
    int dir = slash == NULL || is_absolute(v) ? 0 : (int)(slash - profile_path) + 1;
    int n;

    if (strcmp(v, "none") == 0) {
        to[0] = '\0';
        return 0;
    }
    n = snprintf(to, PATH_CAP, "%.*s%s", dir, profile_path, v);
    return n > 0 && n < PATH_CAP ? 0 : -1;
}

static int take(struct profile *p, const struct key *k, const char *profile_path, const char *v) {
    switch (k->kind) {
    case K_TEXT:
        return take_text(field(p, k), k->limit, v);
    case K_NUMBER:
        return take_number(field(p, k), v, (int32_t)k->limit);
    case K_YES_NO:
        return take_yes_no(field(p, k), v);
    case K_PATH:
        return take_path(field(p, k), profile_path, v);
    case K_ATR:
        return take_atr(p, v);
    case K_SW:
        return take_sw(field(p, k), v);
    case K_FORM:
        return take_form(p, v);
    case K_ANSWER_AT:
    case K_ANSWER_TO:
        return take_rule(p, v, k->kind == K_ANSWER_AT);
    }
    return -1;
}

static char *trim(char *s) {
    size_t n;

    while (*s == ' ' || *s == '\t') {
        s++;
    }
    for (n = strlen(s); n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL; n--) {
        s[n - 1] = '\0';
    }
    return s;
}

/* The value is not echoed in `why`: it may be a PIN. */
static int take_line(struct profile *p, char *line, const char *path, char *why, size_t cap) {
    char *name = trim(line), *value;
    size_t i;

    if (*name == '\0' || *name == '#') {
        return 0;
    }
    if ((value = strchr(name, '=')) == NULL) {
        (void)snprintf(why, cap, "no = in the line");
        return -1;
    }
    *value = '\0';
    name = trim(name);
    value = trim(value + 1);
    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i].name, name) != 0) {
            continue;
        }
        if (take(p, &keys[i], path, value) == 0) {
            return 0;
        }
        (void)snprintf(why, cap, "value of %s is not valid", keys[i].name);
        return -1;
    }
    (void)snprintf(why, cap, "unknown key %.40s", name);
    return -1;
}

static int set_defaults(struct profile *p, const char *path) {
    int n;

    memset(p, 0, sizeof *p);
    p->pin_tries = p->text_tries = 3;
    p->sign_tries = 5;
    p->code_b_tries = 10;
    p->verify_survives_reset = 1;
    p->short_id_sw = p->short_sign_sw = SW_P1P2;
    (void)take_text(p->birth, sizeof p->birth, "19800401");
    (void)take_text(p->sex, sizeof p->sex, "0");
    n = snprintf(p->state, sizeof p->state, "%s.state", path);
    return n > 0 && (size_t)n < sizeof p->state ? 0 : -1;
}

/* What depends on the switches unless it was said outright. */
static void complete(struct profile *p) {
    const char *label = p->android    ? "JPKIAPGPSETOKEN"
                        : p->iphone   ? "JPKIAPIOSTOKEN"
                        : p->old_juki ? "JPKIAPICCTOKEN"
                                      : "JPKIAPICCTOKEN2";

    if (p->label[0] == '\0') {
        (void)take_text(p->label, sizeof p->label, label);
    }
    if (!p->atr_given) {
        (void)take_atr(p,
                       p->old_juki ? "3B8880010000 14E0B38191005E" : "3B8880010000 41E0B381A1003B");
    }
}

static int check(const struct profile *p, char *why, size_t cap) {
    size_t digits = strlen(p->common_record);

    if (!p->no_jpki && (p->pin[0] == '\0' || p->auth_key[0] == '\0' || p->auth_cert[0] == '\0')) {
        (void)snprintf(why, cap, "pin, auth_key and auth_cert are required");
        return -1;
    }
    /* Twelve digits would be a number that this card must not hold. */
    if (strlen(p->code_b) == 12 || (digits != 0 && digits != 28)) {
        (void)snprintf(why, cap, "code_b has 14 digits, common_record has 28");
        return -1;
    }
    return 0;
}

static int read_lines(struct profile *p, FILE *f, const char *path, char *why, size_t cap) {
    char line[LINE_CAP], reason[80];
    int number = 0, rc = 0;

    while (rc == 0 && fgets(line, sizeof line, f) != NULL) {
        number++;
        if (strchr(line, '\n') == NULL && !feof(f)) {
            (void)snprintf(reason, sizeof reason, "line too long");
            rc = -1;
        } else {
            rc = take_line(p, line, path, reason, sizeof reason);
        }
    }
    memset(line, 0, sizeof line);
    if (rc != 0) {
        (void)snprintf(why, cap, "%s:%d: %s", path, number, reason);
    }
    return rc;
}

int profile_read(struct profile *p, const char *path, char *why, size_t why_cap) {
    FILE *f;
    int rc;

    if (set_defaults(p, path) != 0 || (f = fopen(path, "r")) == NULL) {
        (void)snprintf(why, why_cap, "cannot open the profile %s", path);
        return -1;
    }
    rc = read_lines(p, f, path, why, why_cap);
    (void)fclose(f);
    if (rc != 0) {
        return -1;
    }
    complete(p);
    return check(p, why, why_cap);
}
