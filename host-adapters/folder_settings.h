/* What the folder adapter is told, checked. */
#ifndef HOST_ADAPTERS_FOLDER_SETTINGS_H
#define HOST_ADAPTERS_FOLDER_SETTINGS_H

#include "shikaku/adapter.h"

#define FOLDER_PATH_MAX 700
#define FOLDER_NAME_MAX 240 /* bytes; leaves room for a suffix and for the lock file's name */

enum folder_mode { MODE_BY_FORMAT, MODE_APPEND, MODE_FILE };

struct folder_settings {
    char folder[FOLDER_PATH_MAX + 1];
    char file[FOLDER_NAME_MAX + 1]; /* empty: the name that the delivery proposes */
    enum folder_mode mode;
};

/* Null when the settings are good, else the name of the first that is not; borrowed. */
const char *folder_settings_read(struct folder_settings *out, const shk_setting *settings,
                                 uint32_t n);

/* One component that every file system takes and that no program hides. */
int folder_name_usable(const char *name);

#endif
