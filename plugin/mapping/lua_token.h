/* Just enough of Lua's lexical rules to walk over a text without running it. */
#ifndef MAPPING_LUA_TOKEN_H
#define MAPPING_LUA_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    const char *p; /* the token; a TOKEN_TEXT without its quotes, escapes as written */
    size_t n;
    int32_t line;
};

struct token_reader {
    const char *p, *end;
    int32_t line;
};

struct token token_next(struct token_reader *r);
bool token_is(const struct token *t, const char *text);

#endif
