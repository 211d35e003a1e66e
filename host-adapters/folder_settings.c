#include "folder_settings.h"

#include <string.h>

static int copy(char *to, size_t cap, const char *from) {
    size_t n = strlen(from);
    if (n == 0 || n >= cap) {
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

static int read_mode(enum folder_mode *mode, const char *value) {
    if (strcmp(value, "append") == 0) {
        *mode = MODE_APPEND;
    } else if (strcmp(value, "file") == 0) {
        *mode = MODE_FILE;
    } else {
        return 0;
    }
    return 1;
}

/* A setting that stands twice is refused: nobody could say which one holds. */
static int read_one(struct folder_settings *out, const shk_setting *s) {
    if (strcmp(s->key, "folder") == 0) {
        return out->folder[0] == '\0' && copy(out->folder, sizeof out->folder, s->value);
    }
    if (strcmp(s->key, "mode") == 0) {
        return out->mode == MODE_BY_FORMAT && read_mode(&out->mode, s->value);
    }
    if (strcmp(s->key, "file") == 0) {
        return out->file[0] == '\0' && folder_name_usable(s->value) &&
               copy(out->file, sizeof out->file, s->value);
    }
    return 0;
}

const char *folder_settings_read(struct folder_settings *out, const shk_setting *settings,
                                 uint32_t n) {
    memset(out, 0, sizeof *out);
    for (uint32_t i = 0; i < n; i++) {
        if (settings[i].key == NULL || settings[i].value == NULL) {
            return "settings";
        }
        if (!read_one(out, &settings[i])) {
            return settings[i].key;
        }
    }
    return out->folder[0] == '\0' ? "folder" : NULL;
}
