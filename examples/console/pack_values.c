#include <string.h>

#include "pack.h"

enum { PATH_ROOM = 128 };

static void write_path(char out[PATH_ROOM], const char *list, int32_t n, const char *name) {
    if (n > 0) {
        (void)snprintf(out, PATH_ROOM, "%s[%ld].%s", list, (long)n, name);
    } else {
        (void)snprintf(out, PATH_ROOM, "%s.%s", list, name);
    }
}

char *pack_text(const struct session *s, const char *list, int32_t n, const char *name) {
    char path[PATH_ROOM];
    write_path(path, list, n, name);
    return value_text(s, path);
}

bool pack_number(const struct session *s, const char *list, int32_t n, const char *name,
                 int32_t *out) {
    char path[PATH_ROOM];
    write_path(path, list, n, name);
    return value_int(s, path, out);
}

void pack_failure(const struct session *s, const char *list, int32_t n, struct failure *out) {
    char prefix[PATH_ROOM];
    write_path(prefix, list, n, "fault");
    failure_read(s, prefix, out);
}

const char *pack_signed_words(const struct screen *screen, const char *is_signed) {
    if (is_signed == NULL) {
        return "";
    }
    if (strcmp(is_signed, "signed") == 0) {
        return screen_say(screen, "署名あり", "signed");
    }
    return screen_say(screen, "署名なし / unsigned", "unsigned");
}

int32_t pack_faulty(const struct session *s, const char *list) {
    int32_t n = value_count(s, list), faulty = 0;
    for (int32_t i = 1; i <= n; i++) {
        struct failure f;
        pack_failure(s, list, i, &f);
        faulty += f.code != 0 ? 1 : 0;
    }
    return faulty;
}
