#include "lua_token.h"

#include "bytes.h"

static bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_part(char c) {
    return is_name_start(c) || char_is_digit(c);
}

static char peek(const struct token_reader *r, size_t ahead) {
    return (size_t)(r->end - r->p) > ahead ? r->p[ahead] : '\0';
}

static void step(struct token_reader *r) {
    r->line += *r->p == '\n' ? 1 : 0;
    r->p++;
}

/* "[==[": the number of equal signs plus one; 0 when this is no long bracket. */
static size_t long_level(const struct token_reader *r) {
    size_t level = 1;
    while (peek(r, level) == '=') {
        level++;
    }
    return peek(r, 0) == '[' && peek(r, level) == '[' ? level : 0;
}

static bool closes_long(const struct token_reader *r, size_t level) {
    for (size_t i = 1; i < level; i++) {
        if (peek(r, i) != '=') {
            return false;
        }
    }
    return peek(r, 0) == ']' && peek(r, level) == ']';
}

static struct token read_long(struct token_reader *r, size_t level) {
    struct token t = {.kind = TOKEN_TEXT, .line = r->line};
    r->p += level + 1;
    t.p = r->p;
    while (r->p < r->end && !closes_long(r, level)) {
        step(r);
    }
    t.n = (size_t)(r->p - t.p);
    r->p = (size_t)(r->end - r->p) > level ? r->p + level + 1 : r->end;
    return t;
}

static void skip_comment(struct token_reader *r) {
    r->p += 2;
    size_t level = long_level(r);
    if (level > 0) {
        read_long(r, level);
        return;
    }
    while (r->p < r->end && *r->p != '\n') {
        r->p++;
    }
}

static void skip_blank(struct token_reader *r) {
    while (r->p < r->end) {
        if (char_is_space(*r->p) || *r->p == '\f' || *r->p == '\v') {
            step(r);
        } else if (peek(r, 0) == '-' && peek(r, 1) == '-') {
            skip_comment(r);
        } else {
            return;
        }
    }
}

static struct token read_quoted(struct token_reader *r) {
    char quote = *r->p++;
    struct token t = {.kind = TOKEN_TEXT, .p = r->p, .line = r->line};
    while (r->p < r->end && *r->p != quote) {
        if (*r->p == '\\' && r->end - r->p > 1) {
            step(r);
        }
        step(r);
    }
    t.n = (size_t)(r->p - t.p);
    r->p += r->p < r->end ? 1 : 0;
    return t;
}

static struct token read_run(struct token_reader *r, enum token_kind kind) {
    struct token t = {.kind = kind, .p = r->p, .line = r->line};
    while (r->p < r->end && (is_name_part(*r->p) || (kind == TOKEN_NUMBER && *r->p == '.'))) {
        r->p++;
    }
    t.n = (size_t)(r->p - t.p);
    return t;
}

struct token token_next(struct token_reader *r) {
    skip_blank(r);
    struct token t = {.kind = TOKEN_END, .p = r->p, .line = r->line};
    if (r->p >= r->end) {
        return t;
    }
    if (is_name_start(*r->p)) {
        return read_run(r, TOKEN_NAME);
    }
    if (char_is_digit(*r->p)) {
        return read_run(r, TOKEN_NUMBER);
    }
    if (*r->p == '"' || *r->p == '\'') {
        return read_quoted(r);
    }
    size_t level = long_level(r);
    if (level > 0) {
        return read_long(r, level);
    }
    t.kind = TOKEN_SIGN;
    t.n = peek(r, 0) == '=' && peek(r, 1) == '=' ? 2 : 1;
    r->p += t.n;
    return t;
}

bool token_is(const struct token *t, const char *text) {
    return (t->kind == TOKEN_SIGN || t->kind == TOKEN_NAME) && text_equal_n(text, t->p, t->n);
}
