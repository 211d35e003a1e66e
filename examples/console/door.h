/* The plugin's door, found at run time: nothing of the plugin is linked. */
#ifndef CONSOLE_DOOR_H
#define CONSOLE_DOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <shikaku/shikaku.h>

struct door {
    int32_t(SHK_CALL *abi)(void);
    int32_t(SHK_CALL *open)(const char *, int32_t, shk_session *);
    int32_t(SHK_CALL *close)(shk_session);
    int32_t(SHK_CALL *set)(shk_session, const char *, int32_t, const char *, int32_t);
    int32_t(SHK_CALL *put)(shk_session, const char *, int32_t, const uint8_t *, int32_t);
    int32_t(SHK_CALL *start)(shk_session, int32_t);
    int32_t(SHK_CALL *answer_pin)(shk_session, const char *, int32_t, int32_t);
    int32_t(SHK_CALL *cancel)(shk_session);
    int32_t(SHK_CALL *next_event)(shk_session, int32_t);
    int32_t(SHK_CALL *text)(shk_session, const char *, int32_t, char *, int32_t);
    int32_t(SHK_CALL *integer)(shk_session, const char *, int32_t, int32_t *);
    int32_t(SHK_CALL *count)(shk_session, const char *, int32_t);
    int32_t(SHK_CALL *bytes)(shk_session, const char *, int32_t, uint8_t *, int32_t);
    char path[1024]; /* of the library that was loaded */
};

/* wanted: path of the library or null to look for it. On failure `why` holds one English line. */
bool door_load(struct door *door, const char *wanted, char *why, size_t cap);

/* An open session and the door that leads to it. */
struct session {
    const struct door *door;
    shk_session id;
};

/* The value as terminated UTF-8, or null when it is absent. Freed with value_free, which wipes. */
char *value_text(const struct session *s, const char *path);
void value_free(char **text);
bool value_int(const struct session *s, const char *path, int32_t *out);
/* Room that is used again. */
struct buffer {
    uint8_t *p;
    size_t n, cap;
};
/* The bytes as they are; false, and empty, when there are none or no memory. */
bool value_bytes(const struct session *s, const char *path, struct buffer *out);
/* Wipes. */
void buffer_clear(struct buffer *buffer);
/* 0 for a list that is empty or not there. */
int32_t value_count(const struct session *s, const char *path);

#endif
