#include "source_map.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "lua_token.h"
#include "shikaku/codes.h"

#define DEPTH_MAX 16

struct walk {
    struct token_reader reader;
    struct token now;
    struct source_map *map;
    char path[SOURCE_PATH_MAX + 1];
    size_t len;
    int32_t rc;
};

static void advance(struct walk *w) {
    w->now = token_next(&w->reader);
}

static bool at(const struct walk *w, const char *text) {
    return token_is(&w->now, text);
}

static bool grow(struct source_map *map) {
    if (map->n < map->cap) {
        return true;
    }
    size_t cap = map->cap == 0 ? 64 : map->cap * 2;
    struct source_place *grown = realloc(map->at, cap * sizeof *grown);
    if (grown != NULL) {
        map->at = grown;
        map->cap = cap;
    }
    return grown != NULL;
}

static void add(struct walk *w, int32_t line) {
    struct source_map *map = w->map;
    if (w->rc != SHK_OK || map->n >= SOURCE_ENTRIES_MAX) {
        return;
    }
    char *path = text_dup_n(w->path, w->len);
    if (path == NULL || !grow(map)) {
        free(path);
        w->rc = SHK_E_MEMORY;
        return;
    }
    map->at[map->n++] = (struct source_place){path, line};
}

/* The change of block depth that a keyword means inside a function. */
static int block_change(const struct walk *w) {
    if (at(w, "function") || at(w, "do") || at(w, "if") || at(w, "repeat")) {
        return 1;
    }
    return at(w, "end") || at(w, "until") ? -1 : 0;
}

static int bracket_change(const struct walk *w) {
    if (at(w, "{") || at(w, "(") || at(w, "[")) {
        return 1;
    }
    return at(w, "}") || at(w, ")") || at(w, "]") ? -1 : 0;
}

/* Goes over one expression to the "," ";" or "}" behind it. */
static void skip_expression(struct walk *w) {
    int brackets = 0, blocks = 0;
    while (w->now.kind != TOKEN_END) {
        if (brackets == 0 && blocks == 0 && (at(w, ",") || at(w, ";") || at(w, "}"))) {
            return;
        }
        brackets += bracket_change(w);
        blocks += block_change(w);
        advance(w);
    }
}

/* Appends to the path; false when the whole would be too long to be a path of anybody's. */
static bool extend(struct walk *w, const char *dot, const char *p, size_t n, const char *after) {
    size_t need = strlen(dot) + n + strlen(after);
    if (need > SOURCE_PATH_MAX - w->len || memchr(p, '\0', n) != NULL) {
        return false;
    }
    text_format(w->path + w->len, need + 1, "%s%.*s%s", dot, (int)n, p, after);
    w->len += need;
    return true;
}

static bool extend_name(struct walk *w, const struct token *name) {
    return extend(w, w->len > 0 ? "." : "", name->p, name->n, "");
}

static bool extend_index(struct walk *w, int32_t index) {
    char digits[16];
    size_t n = text_format(digits, sizeof digits, "%d", (int)index);
    return extend(w, "[", digits, n, "]");
}

/* `name =`; on return the value's first token is current. */
static bool read_name_key(struct walk *w) {
    struct walk ahead = *w;
    struct token name = w->now;
    advance(&ahead);
    if (name.kind != TOKEN_NAME || !at(&ahead, "=")) {
        return false;
    }
    w->reader = ahead.reader;
    advance(w);
    return extend_name(w, &name);
}

/* `["text"] =` and `[12] =`; false leaves the key unknown but the value is current. */
static bool read_bracket_key(struct walk *w) {
    advance(w);
    struct token key = w->now;
    advance(w);
    bool simple = at(w, "]");
    int32_t index = 0;
    while (w->now.kind != TOKEN_END && !at(w, "]")) {
        advance(w);
    }
    advance(w);
    if (at(w, "=")) {
        advance(w);
    }
    if (!simple) {
        return false;
    }
    if (key.kind == TOKEN_TEXT) {
        return memchr(key.p, '\\', key.n) == NULL && extend_name(w, &key);
    }
    return key.kind == TOKEN_NUMBER && text_to_int32(key.p, key.n, &index) &&
           extend_index(w, index);
}

static bool starts_name_key(const struct walk *w) {
    struct walk ahead = *w;
    advance(&ahead);
    return w->now.kind == TOKEN_NAME && at(&ahead, "=");
}

static bool read_key(struct walk *w, int32_t *index) {
    if (starts_name_key(w)) {
        return read_name_key(w);
    }
    if (at(w, "[")) {
        return read_bracket_key(w);
    }
    return extend_index(w, ++*index);
}

/* Where the tables stand that are open now: the path before the entry, and the last list index. */
struct level {
    size_t len;
    int32_t index;
};

static void read_entry(struct walk *w, struct level *levels, size_t *depth) {
    struct level *here = &levels[*depth];
    int32_t line = w->now.line;
    w->len = here->len;
    bool known = read_key(w, &here->index);
    if (known) {
        add(w, line);
    }
    if (known && at(w, "{") && *depth + 1 < DEPTH_MAX) {
        levels[++*depth] = (struct level){w->len, 0};
        advance(w);
        return;
    }
    skip_expression(w);
}

/* From the token behind the outer "{" to the matching "}". */
static void read_table(struct walk *w) {
    struct level levels[DEPTH_MAX] = {{0, 0}};
    size_t depth = 0;
    while (w->now.kind != TOKEN_END && w->rc == SHK_OK) {
        if (at(w, "}")) {
            advance(w);
            if (depth == 0) {
                return;
            }
            depth--;
            skip_expression(w);
        } else if (at(w, ",") || at(w, ";")) {
            advance(w);
        } else {
            read_entry(w, levels, &depth);
        }
    }
}

/* Moves behind the last "return {" that no bracket encloses; the main chunk's return is the last
 * statement of a text. */
static bool find_return(struct walk *w) {
    struct token_reader found = {0};
    int32_t line = 0;
    int brackets = 0;
    bool after_return = false;
    for (advance(w); w->now.kind != TOKEN_END; advance(w)) {
        if (after_return && brackets == 0 && at(w, "{")) {
            found = w->reader;
            line = w->now.line;
        }
        brackets += bracket_change(w);
        after_return = at(w, "return");
    }
    if (found.p != NULL) {
        w->reader = found;
        add(w, line);
        advance(w);
    }
    return found.p != NULL;
}

int32_t source_map_read(const char *text, size_t n, struct source_map *out) {
    struct walk w = {.reader = {text, text + n, 1}, .map = out};
    *out = (struct source_map){0};
    if (find_return(&w)) {
        read_table(&w);
        if (at(&w, ";")) {
            advance(&w);
        }
        if (w.now.kind != TOKEN_END && w.rc == SHK_OK) {
            source_map_clear(out); /* that was some function's return */
        }
    }
    if (w.rc != SHK_OK) {
        source_map_clear(out);
    }
    return w.rc;
}

void source_map_clear(struct source_map *map) {
    for (size_t i = 0; i < map->n; i++) {
        free(map->at[i].path);
    }
    free(map->at);
    *map = (struct source_map){0};
}

size_t source_map_find(const struct source_map *map, const char *path) {
    size_t i = 0;
    while (i < map->n && !text_equal(map->at[i].path, path)) {
        i++;
    }
    return i;
}

int32_t source_map_line(const struct source_map *map, const char *path) {
    char outer[SOURCE_PATH_MAX + 1];
    size_t n = text_copy(outer, sizeof outer, path);
    n = n < sizeof outer ? n : strlen(outer);
    for (;;) {
        size_t found = source_map_find(map, outer);
        if (found < map->n) {
            return map->at[found].line;
        }
        if (n == 0) {
            return 0;
        }
        while (n > 0 && outer[n - 1] != '.' && outer[n - 1] != '[') {
            n--;
        }
        n -= n > 0 ? 1 : 0;
        outer[n] = '\0';
    }
}
