#include "orca_settings.h"

#include <string.h>

#include "orca_text.h"

#define TIMEOUT_USUAL_MS 8000
#define TIMEOUT_LEAST_MS 100
#define TIMEOUT_MOST_MS  600000

struct text_setting {
    const char *key;
    size_t offset, cap;
};

#define TEXT(key, field)                                                                           \
    { key, offsetof(struct orca_settings, field), sizeof((struct orca_settings *)0)->field }

static const struct text_setting texts[] = {TEXT("url", url),
                                            TEXT("user", user),
                                            TEXT("password", password),
                                            TEXT("ca_file", ca_file),
                                            TEXT("client_cert", client_cert),
                                            TEXT("client_key", client_key),
                                            TEXT("client_secret", client_secret),
                                            TEXT("api_prefix", api_prefix),
                                            TEXT("karte_uid", karte_uid),
                                            TEXT("questions", questions)};

/* A word that switches; the first word of a key is what holds when it is not set. */
struct choice {
    const char *key, *word;
    size_t offset;
    int value;
};

#define CHOICE(key, word, field, value)                                                            \
    { key, word, offsetof(struct orca_settings, field), value }

static const struct choice choices[] = {
    CHOICE("plain", "no", plain, 0),
    CHOICE("plain", "yes", plain, 1),
    CHOICE("new_patient", "ask", registers, 0),
    CHOICE("new_patient", "register", registers, 1),
    CHOICE("update", "v32", updates, 1),
    CHOICE("update", "none", updates, 0),
    CHOICE("first_insurance", "v2", first, ORCA_FIRST_V2),
    CHOICE("first_insurance", "v32", first, ORCA_FIRST_V32),
    CHOICE("first_insurance", "none", first, ORCA_FIRST_NONE),
    CHOICE("old_insurance", "keep", ends_old, 0),
    CHOICE("old_insurance", "end", ends_old, 1),
    CHOICE("check_date", "keep", dates_checked, 0),
    CHOICE("check_date", "update", dates_checked, 1),
    CHOICE("person", "keep", updates_person, 0),
    CHOICE("person", "update", updates_person, 1),
    CHOICE("branch", "send", omits_branch, 0),
    CHOICE("branch", "omit", omits_branch, 1),
    CHOICE("given_name", "search", skips_given, 0),
    CHOICE("given_name", "skip", skips_given, 1),
};
#define CHOICES_N (sizeof choices / sizeof choices[0])

static void set_int(struct orca_settings *out, size_t offset, int value) {
    memcpy((char *)out + offset, &value, sizeof value);
}

_Static_assert(sizeof(enum orca_first) == sizeof(int), "set like the others");

static void set_usual(struct orca_settings *out) {
    memset(out, 0, sizeof *out);
    out->timeout_ms = TIMEOUT_USUAL_MS;
    out->updates = 1;
}

static int read_ms(int32_t *out, const char *value) {
    int32_t ms = 0;
    size_t n = strlen(value);
    for (size_t i = 0; i < n; i++) {
        if (value[i] < '0' || value[i] > '9' || n > 6) {
            return 0;
        }
        ms = ms * 10 + (value[i] - '0');
    }
    *out = ms;
    return ms >= TIMEOUT_LEAST_MS && ms <= TIMEOUT_MOST_MS;
}

static int read_choice(struct orca_settings *out, const shk_setting *s) {
    for (size_t i = 0; i < CHOICES_N; i++) {
        if (strcmp(s->key, choices[i].key) == 0 && strcmp(s->value, choices[i].word) == 0) {
            set_int(out, choices[i].offset, choices[i].value);
            return 1;
        }
    }
    return 0;
}

static int read_one(struct orca_settings *out, const shk_setting *s) {
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(s->key, texts[i].key) == 0) {
            return orca_copy((char *)out + texts[i].offset, texts[i].cap, s->value);
        }
    }
    if (strcmp(s->key, "timeout_ms") == 0) {
        return read_ms(&out->timeout_ms, s->value);
    }
    return read_choice(out, s);
}

static int starts(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

/* The host's name or address, without brackets and port. */
static size_t host_of(const char *url, const char **host) {
    *host = url + strlen("http://");
    if (**host == '[') {
        (*host)++;
        return strcspn(*host, "]");
    }
    return strcspn(*host, ":/?#");
}

/* Up to four numbers of a dotted address; how many. */
static int dotted(const char *p, size_t n, int part[4]) {
    int count = 0, digits = 0;
    memset(part, 0, 4 * sizeof part[0]);
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '.' && digits > 0 && count < 3) {
            count++;
            digits = 0;
        } else if (p[i] >= '0' && p[i] <= '9' && digits < 3) {
            part[count] = part[count] * 10 + (p[i] - '0');
            digits++;
        } else {
            return 0;
        }
    }
    return count == 3 && digits > 0 ? 4 : 0;
}

static int is_own_v4(const int part[4]) {
    return part[0] == 127 || part[0] == 10 || (part[0] == 172 && part[1] >= 16 && part[1] <= 31) ||
           (part[0] == 192 && part[1] == 168) || (part[0] == 169 && part[1] == 254);
}

static int has_colon(const char *p, size_t n) {
    return memchr(p, ':', n) != NULL;
}

/* This machine or a private address, written as a number: a name could be anybody's. */
static int is_near(const char *url) {
    const char *host = NULL;
    int part[4];
    size_t n = host_of(url, &host);
    if (n == 9 && memcmp(host, "localhost", 9) == 0) {
        return 1;
    }
    if (has_colon(host, n)) {
        return (n == 3 && memcmp(host, "::1", 3) == 0) || starts(host, "fc") ||
               starts(host, "fd") || starts(host, "fe80:");
    }
    return dotted(host, n, part) == 4 && is_own_v4(part);
}

static int url_usable(const struct orca_settings *set) {
    if (strchr(set->url, '@') != NULL || strchr(set->url, '?') != NULL) {
        return 0;
    }
    return starts(set->url, "https://") ||
           (starts(set->url, "http://") && (set->plain || is_near(set->url)));
}

/* "/api", without a slash at its end. */
static int prefix_usable(const char *prefix) {
    size_t n = strlen(prefix);
    return n == 0 || (prefix[0] == '/' && prefix[n - 1] != '/' && strcspn(prefix, "?#& ") == n);
}

static void drop_last_slash(char *url) {
    size_t n = strlen(url);
    while (n > 0 && url[n - 1] == '/') {
        url[--n] = '\0';
    }
}

const char *orca_settings_read(struct orca_settings *out, const shk_setting *settings, uint32_t n) {
    set_usual(out);
    for (uint32_t i = 0; i < n; i++) {
        if (settings[i].key == NULL || settings[i].value == NULL) {
            return "settings";
        }
        if (settings[i].value[0] != '\0' && !read_one(out, &settings[i])) {
            return settings[i].key;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(settings[k].key, settings[i].key) == 0) {
                return settings[i].key;
            }
        }
    }
    drop_last_slash(out->url);
    if (out->karte_uid[0] == '\0') {
        orca_copy(out->karte_uid, sizeof out->karte_uid, "shikaku");
    }
    if (!url_usable(out)) {
        return "url";
    }
    return prefix_usable(out->api_prefix) ? NULL : "api_prefix";
}

int orca_may_confirm(const struct orca_settings *set, const char *code) {
    size_t n = strlen(code);
    for (const char *at = set->questions; at[0] != '\0' && n > 0;) {
        size_t word = strcspn(at, ", ");
        if (word == n && memcmp(at, code, n) == 0) {
            return 1;
        }
        at += word;
        at += strspn(at, ", ");
    }
    return 0;
}
