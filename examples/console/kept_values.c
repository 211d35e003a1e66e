#include <string.h>

#include "kept.h"

enum { PATH_ROOM = 128 };

static void write_path(char out[PATH_ROOM], const char *list, int32_t n, const char *name) {
    if (n > 0) {
        (void)snprintf(out, PATH_ROOM, "%s[%ld].%s", list, (long)n, name);
    } else {
        (void)snprintf(out, PATH_ROOM, "%s.%s", list, name);
    }
}

char *kept_text(const struct session *s, const char *list, int32_t n, const char *name) {
    char path[PATH_ROOM];
    write_path(path, list, n, name);
    return value_text(s, path);
}

bool kept_number(const struct session *s, const char *list, int32_t n, const char *name,
                 int32_t *out) {
    char path[PATH_ROOM];
    write_path(path, list, n, name);
    return value_int(s, path, out);
}

void kept_failure(const struct session *s, const char *list, int32_t n, struct failure *out) {
    char prefix[PATH_ROOM];
    write_path(prefix, list, n, "fault");
    failure_read(s, prefix, out);
}

void kept_say_number(struct run *r, const char *list, const char *name, const char *japanese,
                     const char *english) {
    int32_t number = 0;
    char line[160];
    if (kept_number(&r->s, list, 0, name, &number)) {
        (void)snprintf(line, sizeof line, "%s: %ld", screen_say(&r->screen, japanese, english),
                       (long)number);
        out_line(&r->screen.out, STYLE_PLAIN, line);
    }
}

void kept_put_texts(struct json *j, const struct session *s, const char *list, int32_t n,
                    const char *const *names, size_t names_n) {
    for (size_t i = 0; i < names_n; i++) {
        char *text = kept_text(s, list, n, names[i]);
        json_text(j, names[i], text);
        value_free(&text);
    }
}

void kept_put_numbers(struct json *j, const struct session *s, const char *list, int32_t n,
                      const char *const *names, size_t names_n) {
    for (size_t i = 0; i < names_n; i++) {
        int32_t number = 0;
        if (kept_number(s, list, n, names[i], &number)) {
            json_number(j, names[i], number);
        }
    }
}
