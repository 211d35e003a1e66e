#include <stdlib.h>
#include <string.h>

#include "door.h"
#include "platform.h"

enum { VALUE_MAX = 64 * 1024 * 1024 };

static char *read_into(const struct session *s, const char *path, int32_t cap, int32_t *full) {
    char *text = malloc((size_t)cap);
    if (text == NULL) {
        return NULL;
    }
    text[0] = '\0';
    *full = s->door->text(s->id, path, -1, text, cap);
    return text;
}

char *value_text(const struct session *s, const char *path) {
    int32_t full = 0;
    int32_t cap = 256;
    char *text = read_into(s, path, cap, &full);
    while (text != NULL && full >= cap && full < VALUE_MAX) {
        value_free(&text);
        cap = full + 1;
        text = read_into(s, path, cap, &full);
    }
    if (text != NULL && (full < 0 || full >= cap)) {
        value_free(&text);
    }
    return text;
}

void value_free(char **text) {
    if (*text != NULL) {
        platform_wipe(*text, strlen(*text));
        free(*text);
        *text = NULL;
    }
}

/* What was there is not copied on into the larger room, which a realloc would leave behind unwiped. */
static bool make_room(struct buffer *buffer, size_t cap) {
    if (cap <= buffer->cap) {
        return true;
    }
    buffer_clear(buffer);
    buffer->p = malloc(cap);
    buffer->cap = buffer->p != NULL ? cap : 0;
    return buffer->p != NULL;
}

bool value_bytes(const struct session *s, const char *path, struct buffer *out) {
    out->n = 0;
    if (!make_room(out, 4096)) {
        return false;
    }
    int32_t full = s->door->bytes(s->id, path, -1, out->p, (int32_t)out->cap);
    if (full > (int32_t)out->cap && full < VALUE_MAX && make_room(out, (size_t)full)) {
        full = s->door->bytes(s->id, path, -1, out->p, (int32_t)out->cap);
    }
    bool whole = full >= 0 && (size_t)full <= out->cap;
    out->n = whole ? (size_t)full : 0;
    return whole;
}

void buffer_clear(struct buffer *buffer) {
    platform_wipe(buffer->p, buffer->cap);
    free(buffer->p);
    *buffer = (struct buffer){0};
}

bool value_int(const struct session *s, const char *path, int32_t *out) {
    *out = 0;
    return s->door->integer(s->id, path, -1, out) >= 0;
}

int32_t value_count(const struct session *s, const char *path) {
    int32_t n = s->door->count(s->id, path, -1);
    return n > 0 ? n : 0;
}
