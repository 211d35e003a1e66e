/* Shikaku (資格): reading an SQL text with named parameters (":name"), part by part.
 *
 * A mapping script of format "sql" is checked with this before it is used, and an adapter finds the
 * places with it where values are to be bound. What databases read in different ways is SHK_SQL_BAD, so
 * that a name inside a text or a comment is never taken for a parameter, nor the other way round.
 */
#ifndef SHIKAKU_SQL_TEXT_H
#define SHIKAKU_SQL_TEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHK_SQL_STATEMENT_MAX 8192u /* bytes of one statement */
#define SHK_SQL_NAME_MAX      63u   /* bytes of a parameter's name */

enum shk_sql_kind {
    SHK_SQL_END,
    SHK_SQL_SPACE,  /* blanks, line ends, one comment */
    SHK_SQL_WORD,   /* keyword, name or number */
    SHK_SQL_QUOTED, /* '…', "…", `…` or […], with its quotes */
    SHK_SQL_MARK,   /* any other character; "::" and ":=" as one */
    SHK_SQL_NAME,   /* ":name", with its colon */
    SHK_SQL_STOP,   /* ";" */
    SHK_SQL_BAD     /* "?", "$1", ":1", a backslash in a text, an open quote or comment, … */
};

typedef struct shk_sql_part {
    enum shk_sql_kind kind;
    uint32_t at, len; /* bytes */
} shk_sql_part;

static inline int shk_sql_is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Of a word; bytes beyond ASCII are names in every database that takes them at all. */
static inline int shk_sql_is_word(char c) {
    return shk_sql_is_letter(c) || (c >= '0' && c <= '9') || c == '$' || (unsigned char)c >= 0x80;
}

static inline int shk_sql_is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Length of a quoted part that begins here, 0 when it is open or read differently by different
 * databases: a backslash in a text, Oracle's q'…'. */
static inline uint32_t shk_sql_quoted(const char *text, uint32_t at) {
    const char open = text[at], shut = open == '[' ? ']' : open;
    uint32_t i = at + 1;
    if (open == '\'' && at > 0 && (text[at - 1] == 'q' || text[at - 1] == 'Q')) {
        return 0;
    }
    for (; text[i] != '\0'; i++) {
        if (text[i] == '\\' && open != '[') {
            return 0;
        }
        if (text[i] == shut && text[i + 1] == shut) {
            i++;
        } else if (text[i] == shut) {
            return i + 1 - at;
        }
    }
    return 0;
}

/* Length of a comment, 0 when it is open, nested, or one that MySQL runs or does not take for one. */
static inline uint32_t shk_sql_comment(const char *text, uint32_t at) {
    uint32_t i = at + 2;
    if (text[at] == '-') {
        if (text[i] != '\0' && !shk_sql_is_blank(text[i])) {
            return 0;
        }
        while (text[i] != '\0' && text[i] != '\n') {
            i++;
        }
        return i - at;
    }
    for (; text[i] != '\0' && text[at + 2] != '!'; i++) {
        if (text[i] == '*' && text[i + 1] == '/') {
            return i + 2 - at;
        }
        if (text[i] == '/' && text[i + 1] == '*') {
            return 0;
        }
    }
    return 0;
}

/* Length of ":name", "::", ":=" or ":", 0 for ":1" and for a name right behind a word. */
static inline uint32_t shk_sql_colon(const char *text, uint32_t at) {
    uint32_t i = at + 1;
    if (text[i] == ':' || text[i] == '=') {
        return 2;
    }
    if (!shk_sql_is_word(text[i])) {
        return 1;
    }
    while (shk_sql_is_word(text[i])) {
        if (!shk_sql_is_letter(text[i]) && (i == at + 1 || text[i] < '0' || text[i] > '9')) {
            return 0;
        }
        i++;
    }
    return (at > 0 && shk_sql_is_word(text[at - 1])) || i - at - 1 > SHK_SQL_NAME_MAX ? 0 : i - at;
}

static inline shk_sql_part shk_sql_make(enum shk_sql_kind kind, uint32_t at, uint32_t len) {
    shk_sql_part part;
    part.kind = len > 0 || kind == SHK_SQL_END ? kind : SHK_SQL_BAD;
    part.at = at;
    part.len = len;
    return part;
}

/* The part that begins at this byte of a terminated text; the next one begins at .at + .len. */
static inline shk_sql_part shk_sql_next(const char *text, uint32_t at) {
    const char c = text[at];
    uint32_t n = 0;
    if (c == '\0') {
        return shk_sql_make(SHK_SQL_END, at, 0);
    }
    if (shk_sql_is_blank(c)) {
        return shk_sql_make(SHK_SQL_SPACE, at, 1);
    }
    if ((c == '-' && text[at + 1] == '-') || (c == '/' && text[at + 1] == '*')) {
        return shk_sql_make(SHK_SQL_SPACE, at, shk_sql_comment(text, at));
    }
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
        return shk_sql_make(SHK_SQL_QUOTED, at, shk_sql_quoted(text, at));
    }
    if (c == ':') {
        n = shk_sql_colon(text, at);
        return shk_sql_make(n > 1 && shk_sql_is_letter(text[at + 1]) ? SHK_SQL_NAME : SHK_SQL_MARK,
                            at, n);
    }
    if (shk_sql_is_word(c) && c != '$') {
        for (n = 1; shk_sql_is_word(text[at + n]); n++) {
        }
        return shk_sql_make(SHK_SQL_WORD, at, n);
    }
    if (c == ';') {
        return shk_sql_make(SHK_SQL_STOP, at, 1);
    }
    return shk_sql_make(c == '?' || c == '$' ? SHK_SQL_BAD : SHK_SQL_MARK, at, 1);
}

/* True when the word of this part is one of these, in any letters; the list is of capitals and ends with
 * a null. */
static inline int shk_sql_is_one_of(const char *text, shk_sql_part part, const char *const *words) {
    for (; *words != NULL; words++) {
        uint32_t i = 0;
        for (; i < part.len && (*words)[i] != '\0'; i++) {
            const char c = text[part.at + i];
            if ((c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c) != (*words)[i]) {
                break;
            }
        }
        if (i == part.len && (*words)[i] == '\0') {
            return 1;
        }
    }
    return 0;
}

/* 1 when the text is one statement that reads or changes rows (INSERT, UPDATE, DELETE, MERGE, REPLACE,
 * SELECT, WITH, EXEC, CALL, "{CALL …}"): nothing behind a ";", no SHK_SQL_BAD, no word that ends a
 * transaction or changes tables. Else 0; *bad is then the byte that is wrong. */
static inline int shk_sql_usable(const char *text, uint32_t *bad) {
    static const char *const verbs[] = {"INSERT", "UPDATE", "DELETE",  "MERGE", "REPLACE", "SELECT",
                                        "WITH",   "EXEC",   "EXECUTE", "CALL",  NULL};
    static const char *const never[] = {"COMMIT", "ROLLBACK", "CREATE", "ALTER",
                                        "DROP",   "TRUNCATE", NULL};
    int begun = 0, ended = 0;
    for (*bad = 0; *bad < SHK_SQL_STATEMENT_MAX;) {
        const shk_sql_part part = shk_sql_next(text, *bad);
        const int opens = part.kind == SHK_SQL_MARK && text[part.at] == '{';
        if (part.kind == SHK_SQL_END) {
            return begun;
        }
        if (part.kind == SHK_SQL_BAD || (ended && part.kind != SHK_SQL_SPACE) ||
            (part.kind == SHK_SQL_WORD && shk_sql_is_one_of(text, part, never))) {
            return 0;
        }
        if (part.kind == SHK_SQL_WORD && !begun) {
            begun = shk_sql_is_one_of(text, part, verbs);
        }
        if (!begun && part.kind != SHK_SQL_SPACE && !opens) {
            return 0;
        }
        ended = part.kind == SHK_SQL_STOP || ended;
        *bad += part.len;
    }
    return 0;
}

#ifdef __cplusplus
}
#endif

#endif
