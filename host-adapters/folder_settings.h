/* What the folder adapters are told, checked. */
#ifndef HOST_ADAPTERS_FOLDER_SETTINGS_H
#define HOST_ADAPTERS_FOLDER_SETTINGS_H

#include "shikaku/adapter.h"

#define FOLDER_PATH_MAX 700
#define FOLDER_NAME_MAX 240 /* bytes; leaves room for a suffix and for the lock file's name */
#define FOLDER_WAIT_MS  5000
#define FOLDER_WAIT_MAX 600000

enum folder_mode { MODE_BY_FORMAT, MODE_APPEND, MODE_FILE };

/* Who says how a file is called. */
enum folder_name_by {
    NAME_BY_NOBODY, /* not set: the script */
    NAME_BY_SCRIPT,
    NAME_BY_ID,
    NAME_BY_TIME,
    NAME_BY_TERMINAL /* as an eligibility terminal calls what it pushes; not to be set */
};

struct folder_settings {
    char folder[FOLDER_PATH_MAX + 1];
    char file[FOLDER_NAME_MAX + 1]; /* empty: the name that the delivery proposes */
    char lock_file[FOLDER_NAME_MAX + 1];
    char end_file[FOLDER_NAME_MAX + 1]; /* may hold {name} or {stem} */
    char write_as[FOLDER_NAME_MAX + 1]; /* the same */
    enum folder_mode mode;
    enum folder_name_by name_by;
    int32_t lock_wait_ms; /* -1: not set */
};

/* Null when the settings are good, else the name of the first that is not; borrowed. */
const char *folder_settings_read(struct folder_settings *out, const shk_setting *settings,
                                 uint32_t n);

/* One component that every file system takes and that no program hides. */
int folder_name_usable(const char *name);

/* True when the pattern gives another name for every file. */
int folder_pattern_varies(const char *pattern);

#endif
