#include "contract_texts.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "shikaku/codes.h"

static int32_t line_of(struct contract_text *text, const char *path) {
    if (!text->mapped && text->p != NULL) {
        text->mapped = source_map_read(text->p, text->n, &text->map) == SHK_OK;
    }
    return text->mapped ? source_map_line(&text->map, path) : 0;
}

/* What stands behind `outer` in `path`, or null when it is not below it. */
static const char *rest_below(const char *path, const char *outer) {
    size_t n = strlen(outer);
    bool below = strncmp(path, outer, n) == 0 &&
                 (path[n] == '\0' || path[n] == '.' || path[n] == '[' || n == 0);
    return below ? path + n : NULL;
}

const char *texts_place(struct contract_texts *texts, const char *path, int32_t *line) {
    for (size_t i = texts->moved_n; i-- > 0;) {
        const char *rest = rest_below(path, texts->moved[i].path);
        if (rest != NULL) {
            char there[SOURCE_PATH_MAX + 1];
            text_format(there, sizeof there, "%s%s", texts->moved[i].from, rest);
            struct contract_text *text = texts->moved[i].overlay ? &texts->overlay : &texts->script;
            *line = line_of(text, there);
            return text->name;
        }
    }
    *line = line_of(&texts->script, path);
    return texts->script.name;
}

int32_t texts_overlay_line(struct contract_texts *texts, const char *path) {
    return line_of(&texts->overlay, path);
}

static bool grow(struct contract_texts *texts) {
    if (texts->moved_n < texts->moved_cap) {
        return true;
    }
    size_t cap = texts->moved_cap == 0 ? 16 : texts->moved_cap * 2;
    struct contract_moved *grown = realloc(texts->moved, cap * sizeof *grown);
    if (grown != NULL) {
        texts->moved = grown;
        texts->moved_cap = cap;
    }
    return grown != NULL;
}

bool texts_moved(struct contract_texts *texts, const char *path, const char *from, bool overlay) {
    if (!grow(texts)) {
        return false;
    }
    struct contract_moved *one = &texts->moved[texts->moved_n];
    one->path = text_dup(path);
    one->from = text_dup(from);
    one->overlay = overlay;
    texts->moved_n++;
    return one->path != NULL && one->from != NULL;
}

void texts_clear(struct contract_texts *texts) {
    source_map_clear(&texts->script.map);
    source_map_clear(&texts->overlay.map);
    for (size_t i = 0; i < texts->moved_n; i++) {
        free(texts->moved[i].path);
        free(texts->moved[i].from);
    }
    free(texts->moved);
    *texts = (struct contract_texts){0};
}
