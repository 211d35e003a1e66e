#include "destination.h"

#include <string.h>

#include "crypto.h"
#include "delivery_map.h"

/* Keys of a delivery that the session itself reads. */
static const char *const own[] = {"script", "pack",     "overlay",          "adapter", "when",
                                  "repeat", "patients", "patients_columns", "options"};
/* What makes a destination another one. */
static const char *const places[] = {"folder",     "file",     "url",    "dsn",
                                     "connection", "id_table", "options"};

static bool is_one_of(const char *const *list, size_t n, const char *key) {
    for (size_t i = 0; i < n; i++) {
        if (text_equal(list[i], key)) {
            return true;
        }
    }
    return false;
}

static int32_t refuse_options(const struct session *s, size_t n, struct fault *why) {
    char key[48];
    text_format(key, sizeof key, "deliveries[%u].options", (unsigned)n);
    return config_fault(s->config, why, key);
}

/* "name=value;name=value" in place: both ends of each are terminated. */
static bool split_options(struct target_settings *out) {
    char *p = (char *)out->room.p;
    while (p != NULL && *p != '\0') {
        char *end = strchr(p, ';');
        char *equals = strchr(p, '=');
        if (equals == NULL || equals == p || (end != NULL && equals > end) ||
            out->n == TARGET_SETTINGS_MAX) {
            return false;
        }
        *equals = '\0';
        if (end != NULL) {
            *end = '\0';
        }
        out->at[out->n++] = (shk_setting){p, equals + 1};
        p = end != NULL ? end + 1 : NULL;
    }
    return true;
}

int32_t target_settings_plain(const struct session *s, size_t n, struct target_settings *out,
                              struct fault *why) {
    struct config_pair pairs[TARGET_SETTINGS_MAX];
    *out = (struct target_settings){0};
    size_t found = config_delivery_pairs(s->config, n, pairs, TARGET_SETTINGS_MAX);
    for (size_t i = 0; i < found && i < TARGET_SETTINGS_MAX; i++) {
        if (!is_one_of(own, sizeof own / sizeof own[0], pairs[i].key)) {
            out->at[out->n++] = (shk_setting){pairs[i].key, pairs[i].value};
        }
    }
    int32_t rc = bytes_append_text(&out->room, config_delivery(s->config, n, "options"));
    if (rc != SHK_OK) {
        return fault_raise(why, rc);
    }
    if (!split_options(out)) {
        target_settings_clear(out);
        return refuse_options(s, n, why);
    }
    return SHK_OK;
}

int32_t target_settings(struct session *s, size_t n, struct target_settings *out,
                        struct fault *why) {
    int32_t rc = target_settings_plain(s, n, out, why);
    const char *find = delivery_facts(s, n)->find;
    if (rc == SHK_OK && find != NULL && out->n < TARGET_SETTINGS_MAX) {
        out->at[out->n++] = (shk_setting){"find", find};
    }
    return rc;
}

void target_settings_clear(struct target_settings *settings) {
    bytes_clear(&settings->room);
    *settings = (struct target_settings){0};
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins_with_word(const char *p, const char *word) {
    while (*word != '\0') {
        if (lower(*p++) != *word++) {
            return false;
        }
    }
    return true;
}

/* Behind the value of one pair; a value in braces may hold semicolons, and "}}" is a brace of its own. */
static const char *skip_value(const char *p) {
    if (*p == '{') {
        for (p++; *p != '\0' && (*p != '}' || p[1] == '}'); p++) {
            p += *p == '}' ? 1 : 0;
        }
    }
    return p + strcspn(p, ";");
}

/* A password inside a connection string is no part of the place. */
static int32_t append_place(struct bytes *out, const char *p) {
    int32_t rc = SHK_OK;
    while (rc == SHK_OK && *p != '\0') {
        if (begins_with_word(p, "pwd=") || begins_with_word(p, "password=")) {
            p = skip_value(strchr(p, '=') + 1);
        } else {
            rc = bytes_append_byte(out, (uint8_t)*p++);
        }
    }
    return rc == SHK_OK ? bytes_append_byte(out, 0) : rc;
}

static int32_t describe(const struct session *s, size_t n, struct bytes *out) {
    int32_t rc = append_place(out, config_delivery(s->config, n, "adapter"));
    for (size_t i = 0; rc == SHK_OK && i < sizeof places / sizeof places[0]; i++) {
        char key[48];
        text_format(key, sizeof key, "deliveries[%u].%s", (unsigned)n, places[i]);
        rc = append_place(out, config_text(s->config, key));
    }
    return rc;
}

/* Two scripts may write to one place: the second of them is a destination of its own, else it would be taken
 * for a repetition of the first. */
static int32_t count_earlier(const struct session *s, size_t n, const struct bytes *text,
                             uint8_t *out) {
    int32_t rc = SHK_OK;
    *out = 0;
    for (size_t i = 1; rc == SHK_OK && i < n; i++) {
        struct bytes other = {0};
        rc = describe(s, i, &other);
        bool same = rc == SHK_OK && other.n == text->n && memcmp(other.p, text->p, text->n) == 0;
        *out = (uint8_t)(*out + (same ? 1 : 0));
        bytes_clear(&other);
    }
    return rc;
}

int32_t target_digest(const struct session *s, size_t n, char out[TAG_LEN], struct fault *why) {
    struct bytes text = {0};
    uint8_t digest[32], earlier = 0;
    int32_t rc = describe(s, n, &text);
    rc = rc == SHK_OK ? count_earlier(s, n, &text, &earlier) : rc;
    rc = rc == SHK_OK && earlier > 0 ? bytes_append_byte(&text, earlier) : rc;
    rc = rc == SHK_OK ? sha256(text.p, text.n, digest) : rc;
    if (rc == SHK_OK) {
        hex_encode(digest, (TAG_LEN - 1) / 2, out);
    }
    bytes_clear(&text);
    return rc == SHK_OK ? rc : fault_raise(why, rc);
}

size_t target_find(const struct session *s, const char *digest) {
    char one[TAG_LEN];
    struct fault unused = {0};
    for (size_t n = 1; n <= config_deliveries(s->config); n++) {
        if (target_digest(s, n, one, &unused) == SHK_OK && text_equal(one, digest)) {
            return n;
        }
    }
    return 0;
}
