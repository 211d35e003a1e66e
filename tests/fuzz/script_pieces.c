#include "script_pieces.h"

#include <stdio.h>
#include <string.h>

#include "script_made.h"

#define DEPTH_MAX 5
#define ROOM_LEFT 400 /* for what closes a script */

void add(struct maker *m, const char *text) {
    size_t n = strlen(text);
    if (m->n + n < m->room) {
        memcpy(m->out + m->n, text, n + 1);
        m->n += n;
    }
}

static const char *const helpers[] = {
#define HELPER(name, takes, run, usable, japanese, english) "text." #name,
#include "helpers.def"
#define LUA(name, function, arguments, japanese, english) "text." #name,
#include "helpers.def"
    "string.byte",
    "string.char",
    "string.format",
    "string.len",
    "string.reverse",
    "string.sub",
    "table.concat",
    "table.insert",
    "table.remove",
    "table.sort",
    "table.unpack",
    "math.abs",
    "math.floor",

    "math.tointeger",
    "utf8.char",
    "utf8.codepoint",
    "utf8.len",
    "utf8.offset",
    "utf8.codes",
    "select",
    "next",
    "pairs",
    "ipairs",
    "tostring",
    "tonumber",
    "type",
    "assert",
    "error",
    "f",
    "v",
    "rec",
    "a"};

static const char *const out_of_reach[] = {"io",
                                           "os",
                                           "debug",
                                           "load",
                                           "loadfile",
                                           "dofile",
                                           "require",
                                           "package",
                                           "_G",
                                           "coroutine",
                                           "collectgarbage",
                                           "setmetatable",
                                           "getmetatable",
                                           "rawget",
                                           "rawset",
                                           "rawequal",
                                           "pcall",
                                           "xpcall",
                                           "print",
                                           "string.dump",
                                           "string.rep",
                                           "string.find",
                                           "string.gsub",
                                           "string.match",
                                           "string.gmatch",
                                           "table.move",
                                           "table.pack",
                                           "math.random",
                                           "('x').rep",
                                           "('x').dump",
                                           "('x').gsub",
                                           "(('x').len).x"};

static const char *const paths[] = {"name",
                                    "name_kana",
                                    "birth_date",
                                    "sex",
                                    "insurer_number",
                                    "symbol",
                                    "address",
                                    "elderly.burden_percent",
                                    "specific_diseases",
                                    "confirmation_date",
                                    "validity",
                                    "burden_percent",
                                    "derived.sex",
                                    "relation",
                                    "postal_code"};

/* The name of the mark is not written by the input itself. */
static void add_text(struct maker *m) {
    struct fuzz_input part = fuzz_bytes(m->in, fuzz_below(m->in, 13));
    add(m, "'");
    for (size_t i = 0; i < part.n; i++) {
        char escaped[8];
        snprintf(escaped, sizeof escaped, "\\%03u",
                 part.p[i] != SCRIPT_REACHED[0] ? part.p[i] : '=');
        add(m, escaped);
    }
    add(m, "'");
}

static void add_value(struct maker *m) {
    static const char *const values[] = {
        "v",           "a",          "f",      "rec",        "nil",
        "true",        "{}",         "0",      "1",          "-1",
        "2.5",         "1e308",      "(0/0)",  "(1<<62)",    "math.maxinteger",
        "'見本　ﾐﾎﾝ'", "'=1+2'",     "'..'",   "'a/b'",      "'\"'",
        "'<&>'",       "'20250602'", "'%d%s'", "'YYYYMMDD'", "','"};
    uint32_t which = fuzz_below(m->in, COUNT(values) + 12);
    if (which < COUNT(values)) {
        add(m, values[which]);
    } else if (which < COUNT(values) + 7) {
        add_text(m);
    } else {
        add(m, "rec.");
        PICK(m, paths);
    }
}

static void add_expression(struct maker *m);

static void add_call(struct maker *m) {
    uint32_t n = fuzz_below(m->in, 4);
    PICK(m, helpers);
    add(m, "(");
    for (uint32_t i = 0; i < n; i++) {
        add(m, i > 0 ? "," : "");
        add_expression(m);
    }
    add(m, ")");
}

static void add_pair(struct maker *m) {
    static const char *const operators[] = {"..",   "..", "..", "..", "+",  "-",  "*",  "//",
                                            "%",    "^",  "/",  "==", "<",  "<=", "~=", " and ",
                                            " or ", "&",  "|",  "~",  ">>", "<<"};
    add(m, "(");
    add_expression(m);
    PICK(m, operators);
    add_expression(m);
    add(m, ")");
}

static void add_table(struct maker *m) {
    static const char *const keys[] = {
        "", "", "x=", "[1]=", "__gc=", "__index=", "__close=", "__metatable=", "n="};
    uint32_t n = fuzz_below(m->in, 5);
    add(m, "{");
    for (uint32_t i = 0; i < n; i++) {
        PICK(m, keys);
        add_expression(m);
        add(m, ",");
    }
    add(m, "}");
}

static void add_index(struct maker *m) {
    static const char *const names[] = {
        ".x",   ".__index", ".__metatable", ":len()", ":reverse()", ":rep(9)", "[1]",
        "[-1]", "[v]",      "[nil]",        ".n",     "(1)",        "(v)"};
    add(m, "(");
    add_expression(m);
    add(m, ")");
    PICK(m, names);
}

static void add_reach(struct maker *m) {
    add(m, "((");
    PICK(m, out_of_reach);
    add(m, ")~=nil and '" SCRIPT_REACHED "' or '')");
}

static void add_body(struct maker *m);

void add_function(struct maker *m) {
    add(m, "function(v,rec) ");
    add_body(m);
    add(m, " end");
}

static void add_unary(struct maker *m) {
    static const char *const signs[] = {"#", "-", " not ", "~"};
    PICK(m, signs);
    add(m, "(");
    add_expression(m);
    add(m, ")");
}

static void add_expression(struct maker *m) {
    static void (*const kinds[])(struct maker *) = {
        add_value, add_value, add_value, add_value, add_value,    add_value, add_value, add_value,
        add_value, add_call,  add_call,  add_call,  add_call,     add_call,  add_pair,  add_pair,
        add_pair,  add_table, add_index, add_reach, add_function, add_unary};
    uint32_t which = fuzz_below(m->in, COUNT(kinds));
    bool leaf = m->depth >= DEPTH_MAX || m->n + ROOM_LEFT > m->room;
    m->depth++;
    (leaf ? add_value : kinds[which])(m);
    m->depth--;
}

/* In each, $ is an expression and @ are statements. */
static const char *const statements[] = {"local a=$ ",
                                         "a=$ ",

                                         "f=$ ",
                                         "a[$]=$ ",
                                         "a=a..$ ",
                                         "for i=1,$ do @ end ",
                                         "while $ do @ end ",
                                         "repeat @ until $ ",
                                         "if $ then @ else @ end ",
                                         "for k,x in pairs($) do @ end ",
                                         "for k,x in ipairs($) do @ end ",
                                         "for k,x in $ do @ end ",
                                         "do local x <close> = $ @ end ",
                                         "goto e ",
                                         "local t=$ t[#t+1]=$ ",
                                         "string.x=$ ",
                                         "for i=1,20 do a=a..a end ",
                                         "table.sort(a,$) ",

                                         "do return $ end ",

                                         "for p,c in utf8.codes($) do @ end ",
                                         "text.x=$ ",
                                         "rec.name=$ ",
                                         "local function f(v) @ return f($) end "};

void add_statement(struct maker *m) {
    const char *p = statements[fuzz_below(m->in, COUNT(statements))];
    bool full = m->depth >= DEPTH_MAX || m->n + ROOM_LEFT > m->room;
    m->depth++;
    for (char one[2] = {0}; !full && *p != '\0'; p++) {
        one[0] = *p;
        if (*p == '$') {
            add_expression(m);
        } else if (*p == '@') {
            add_statement(m);
        } else {
            add(m, one);
        }
    }
    m->depth--;
}

static void add_body(struct maker *m) {
    uint32_t n = fuzz_below(m->in, 4);
    add(m, "local a,f=tostring(v),tostring ");
    for (uint32_t i = 0; i < n; i++) {
        add_statement(m);
    }
    add(m, "do return ");
    add_expression(m);
    add(m, " end ::e::");
}
