#include "folder_settings.h"

#include <string.h>

#include "folder_text.h"

static int copy(char *to, size_t cap, const char *from) {
    size_t n = strlen(from);
    if (to[0] != '\0' || n == 0 || n >= cap) {
        return 0;
    }
    memcpy(to, from, n + 1);
    return 1;
}

int folder_name_usable(const char *name) {
    size_t n = strlen(name);
    if (n == 0 || n > FOLDER_NAME_MAX || name[0] == '.' || name[n - 1] == '.' ||
        name[n - 1] == ' ') {
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)name[i] < 0x20 || strchr("<>:\"/\\|?*\x7f", name[i]) != NULL) {
            return 0;
        }
    }
    return 1;
}

int folder_pattern_varies(const char *pattern) {
    return strstr(pattern, "{name}") != NULL || strstr(pattern, "{stem}") != NULL;
}

/* Says something beside the name, at most once the name, and stays one component. */
static int pattern_usable(const char *pattern) {
    const char *open = strchr(pattern, '{');
    if (!folder_name_usable(pattern)) {
        return 0;
    }
    if (open == NULL) {
        return strchr(pattern, '}') == NULL;
    }
    const char *rest = open + sizeof "{name}" - 1;
    int known = strncmp(open, "{name}", 6) == 0 || strncmp(open, "{stem}", 6) == 0;
    return known && strpbrk(rest, "{}") == NULL && (open != pattern || rest[0] != '\0');
}

static int read_mode(enum folder_mode *mode, const char *value) {
    if (*mode != MODE_BY_FORMAT) {
        return 0;
    }
    if (strcmp(value, "append") == 0) {
        *mode = MODE_APPEND;
    } else if (strcmp(value, "file") == 0) {
        *mode = MODE_FILE;
    }
    return *mode != MODE_BY_FORMAT;
}

static int read_name_by(enum folder_name_by *by, const char *value) {
    static const char *const words[] = {"script", "id", "time"};
    static const enum folder_name_by kinds[] = {NAME_BY_SCRIPT, NAME_BY_ID, NAME_BY_TIME};
    for (size_t i = 0; *by == NAME_BY_NOBODY && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(value, words[i]) == 0) {
            *by = kinds[i];
            return 1;
        }
    }
    return 0;
}

static int read_wait(int32_t *wait_ms, const char *value) {
    int32_t ms = 0;
    size_t n = strlen(value);
    if (*wait_ms >= 0 || n == 0 || n > 6) {
        return 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (value[i] < '0' || value[i] > '9') {
            return 0;
        }
        ms = ms * 10 + (value[i] - '0');
    }
    *wait_ms = ms;
    return ms <= FOLDER_WAIT_MAX;
}

/* A setting that stands twice is refused: nobody could say which one holds. */
static int read_one(struct folder_settings *out, const shk_setting *s) {
    const char *value = s->value;
    if (strcmp(s->key, "folder") == 0) {
        return copy(out->folder, sizeof out->folder, value);
    }
    if (strcmp(s->key, "mode") == 0) {
        return read_mode(&out->mode, value);
    }
    if (strcmp(s->key, "file") == 0) {
        return folder_name_usable(value) && copy(out->file, sizeof out->file, value);
    }
    if (strcmp(s->key, "lock_file") == 0) {
        return folder_name_usable(value) && copy(out->lock_file, sizeof out->lock_file, value);
    }
    if (strcmp(s->key, "lock_wait_ms") == 0) {
        return read_wait(&out->lock_wait_ms, value);
    }
    if (strcmp(s->key, "end_file") == 0) {
        return pattern_usable(value) && copy(out->end_file, sizeof out->end_file, value);
    }
    if (strcmp(s->key, "write_as") == 0) {
        return pattern_usable(value) && copy(out->write_as, sizeof out->write_as, value);
    }
    return strcmp(s->key, "name_by") == 0 && read_name_by(&out->name_by, value);
}

/* Two files of one name would be taken for each other; a name of its own and one by id or time exclude
 * each other, and so do the latter and a file that grows. */
static const char *find_clash(const struct folder_settings *set) {
    int own = set->name_by == NAME_BY_ID || set->name_by == NAME_BY_TIME;
    if (own && (set->file[0] != '\0' || set->mode == MODE_APPEND)) {
        return "name_by";
    }
    if (set->lock_file[0] != '\0' && text_same_name(set->lock_file, set->file)) {
        return "lock_file";
    }
    if (set->end_file[0] != '\0' && (text_same_name(set->end_file, set->file) ||
                                     text_same_name(set->end_file, set->lock_file) ||
                                     text_same_name(set->end_file, set->write_as))) {
        return "end_file";
    }
    if (set->write_as[0] != '\0' && (text_same_name(set->write_as, set->file) ||
                                     text_same_name(set->write_as, set->lock_file))) {
        return "write_as";
    }
    return NULL;
}

const char *folder_settings_read(struct folder_settings *out, const shk_setting *settings,
                                 uint32_t n) {
    memset(out, 0, sizeof *out);
    out->lock_wait_ms = -1;
    for (uint32_t i = 0; i < n; i++) {
        if (settings[i].key == NULL || settings[i].value == NULL) {
            return "settings";
        }
        if (!read_one(out, &settings[i])) {
            return settings[i].key;
        }
    }
    if (out->lock_wait_ms < 0) {
        out->lock_wait_ms = FOLDER_WAIT_MS;
    }
    return out->folder[0] == '\0' ? "folder" : find_clash(out);
}
