#include "contract_style.h"

#include <string.h>

#include "sandbox.h"
#include "text.h"

#define INDENT_MAX    8
#define SEPARATOR_MAX 3

const char *const contract_outer_keys[] = {"contract",
                                           "id",
                                           "format",
                                           "encoding",
                                           "newline",
                                           "header",
                                           "quote",
                                           "separator",
                                           "file",
                                           "root",
                                           "indent",
                                           "declaration",
                                           "empty",
                                           "unmappable",
                                           "adapter",
                                           "fields",
                                           "check",
                                           "uses",
                                           "substitute",
                                           "repertoire",
                                           "leaf_attribute",
                                           "group_attribute",
                                           "per",
                                           "statements",
                                           "find",
                                           NULL};

static const char *const csv_keys[] = {"header", "quote", NULL};
static const char *const xml_keys[] = {"root",           "declaration",     "empty",
                                       "leaf_attribute", "group_attribute", NULL};
static const char *const separator_keys[] = {"separator", NULL};
static const char *const indent_keys[] = {"indent", NULL};
static const char *const newline_keys[] = {"newline", NULL};
static const char *const sql_keys[] = {"statements", "find", NULL};

struct format_word {
    const char *name;
    enum format_kind kind;
};

static const struct format_word formats[] = {
    {"csv", FORMAT_CSV},   {"tsv", FORMAT_CSV},   {"fixed", FORMAT_FIXED},
    {"xml", FORMAT_XML},   {"json", FORMAT_JSON}, {"hl7", FORMAT_HL7},
    {"text", FORMAT_TEXT}, {"face", FORMAT_FACE}, {"sql", FORMAT_SQL},
};

static const char *const format_names[] = {"csv", "tsv",  "fixed", "xml", "json",
                                           "hl7", "text", "face",  "sql", NULL};

void contract_read_encoding(struct key_reader *r, struct contract *c, struct encoder **encoder) {
    static const char *const words[] = {"utf-8",  "utf-8-bom",   "cp932",
                                        "euc-jp", "iso-2022-jp", NULL};
    static const char *const declared[] = {"UTF-8", "UTF-8", "Shift_JIS", "EUC-JP", "ISO-2022-JP"};
    static const enum encoding kinds[] = {ENCODING_UTF8, ENCODING_UTF8, ENCODING_CP932,
                                          ENCODING_EUC_JP, ENCODING_ISO_2022_JP};
    static const char *const repertoires[] = {"encoding", "jis-x-0208", "jis-x-0213",
                                              "ascii",    "cp932",      NULL};
    keys_need_text(r, "encoding", CONTRACT_NAME_MAX);
    size_t which = keys_choice(r, "encoding", words);
    c->encoding = words[which];
    c->encoding_kind = kinds[which];
    c->style.bom = which == 1;
    c->style.encoding_name = declared[which];
    size_t repertoire = keys_choice(r, "repertoire", repertoires);
    *encoder = encoder_new(kinds[which], (enum repertoire)repertoire);
    if (*encoder == NULL) {
        sandbox_fail(r->L, SHK_E_MEMORY, 0, NULL);
    }
    r->encoder = *encoder;
    sandbox_of(r->L)->encoder = *encoder;
}

static const char *usual_newline(enum format_kind kind) {
    if (kind == FORMAT_HL7) {
        return "\r";
    }
    return kind == FORMAT_XML || kind == FORMAT_JSON || kind == FORMAT_SQL ? "\n" : "\r\n";
}

static void read_newline(const struct key_reader *r, struct format_style *style) {
    static const char *const words[] = {"crlf", "lf", "cr", "none", NULL};
    static const char *const ends[] = {"\r\n", "\n", "\r", ""};
    if (!keys_has(r, "newline")) {
        style->newline = usual_newline(style->kind);
        return;
    }
    size_t which = keys_choice(r, "newline", words);
    if (which == 3 && style->kind != FORMAT_FIXED) {
        keys_complain(r, "newline");
    }
    style->newline = ends[which];
}

static bool separator_usable(const struct format_style *style, const char *text, size_t n) {
    if (style->kind == FORMAT_CSV) {
        return n == 1 && strchr(",;\t|", text[0]) != NULL;
    }
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\r' || text[i] == '\n' || text[i] == '\0') {
            return false;
        }
    }
    return n <= SEPARATOR_MAX && utf8_valid(text, n);
}

static void read_separator(const struct key_reader *r, struct format_style *style,
                           const char *usual) {
    size_t n = 0;
    int type = keys_push(r, "separator");
    const char *text = type == LUA_TSTRING ? lua_tolstring(r->L, -1, &n) : usual;
    n = type == LUA_TSTRING ? n : strlen(usual);
    if ((type != LUA_TNIL && type != LUA_TSTRING) || !separator_usable(style, text, n)) {
        keys_complain(r, "separator");
    }
    text_copy_n(style->separator, sizeof style->separator, text, n);
    if (!keys_encodable(r, style->separator)) {
        keys_complain(r, "separator");
    }
    lua_pop(r->L, 1);
}

static void read_csv(const struct key_reader *r, struct format_style *style, bool tabs) {
    static const char *const quotes[] = {"needed", "always", "never", NULL};
    style->header = keys_flag(r, "header", false);
    style->quote = (enum quoting)keys_choice(r, "quote", quotes);
    if (tabs && !keys_has(r, "quote")) {
        style->quote = QUOTE_NEVER;
    }
    read_separator(r, style, tabs ? "\t" : ",");
}

static enum declaration read_declaration(const struct key_reader *r) {
    static const char *const words[] = {"yes", "no", "standalone", NULL};
    if (keys_push(r, "declaration") == LUA_TBOOLEAN) {
        bool yes = lua_toboolean(r->L, -1) != 0;
        lua_pop(r->L, 1);
        return yes ? DECLARATION_YES : DECLARATION_NO;
    }
    lua_pop(r->L, 1);
    return (enum declaration)keys_choice(r, "declaration", words);
}

/* `{ "type", "string" }`: an attribute that every element of a kind gets. */
static void read_attribute(const struct key_reader *r, const char *key, const char **name,
                           const char **value) {
    if (keys_push(r, key) == LUA_TNIL) {
        lua_pop(r->L, 1);
        return;
    }
    if (keys_list(r, key, 2) != 2) {
        keys_complain(r, key);
    }
    lua_rawgeti(r->L, -1, 1);
    *name = keys_top_text(r, key, CONTRACT_NAME_MAX);
    lua_rawgeti(r->L, -1, 2);
    *value = keys_top_text(r, key, CONTRACT_NAME_MAX);
    bool usable = xml_name_usable(*name, strlen(*name)) && keys_encodable(r, *name) &&
                  keys_encodable(r, *value);
    if (!usable) {
        keys_complain(r, key);
    }
    lua_pop(r->L, 1);
}

static void read_xml(const struct key_reader *r, struct format_style *style) {
    style->root = keys_need_text(r, "root", CONTRACT_NAME_MAX);
    if (!xml_name_usable(style->root, strlen(style->root)) || !keys_encodable(r, style->root)) {
        keys_complain(r, "root");
    }
    style->declaration = read_declaration(r);
    read_attribute(r, "leaf_attribute", &style->leaf_name, &style->leaf_value);
    read_attribute(r, "group_attribute", &style->group_name, &style->group_value);
}

static void refuse_foreign(const struct key_reader *r, enum format_kind kind) {
    if (kind != FORMAT_CSV) {
        keys_refuse(r, csv_keys);
    }
    if (kind != FORMAT_XML) {
        keys_refuse(r, xml_keys);
    }
    if (kind != FORMAT_CSV && kind != FORMAT_TEXT) {
        keys_refuse(r, separator_keys);
    }
    if (kind != FORMAT_XML && kind != FORMAT_JSON) {
        keys_refuse(r, indent_keys);
    }
    if (kind == FORMAT_FACE || kind == FORMAT_SQL) {
        keys_refuse(r, newline_keys);
    }
    if (kind != FORMAT_SQL) {
        keys_refuse(r, sql_keys);
    }
}

void contract_read_style(const struct key_reader *r, struct contract *c) {
    struct format_style *style = &c->style;
    keys_need_text(r, "format", CONTRACT_NAME_MAX);
    const struct format_word *format = &formats[keys_choice(r, "format", format_names)];
    c->format = format->name;
    style->kind = format->kind;
    refuse_foreign(r, style->kind);
    if (style->kind == FORMAT_FACE && (style->bom || c->encoding_kind > ENCODING_CP932)) {
        keys_complain(r, "encoding");
    }
    if (style->kind == FORMAT_SQL && (style->bom || c->encoding_kind != ENCODING_UTF8)) {
        keys_complain(r, "encoding");
    }
    read_newline(r, style);
    style->indent = keys_number(r, "indent", 2, 0, INDENT_MAX);
    if (style->kind == FORMAT_CSV) {
        read_csv(r, style, text_equal(format->name, "tsv"));
    } else if (style->kind == FORMAT_TEXT) {
        read_separator(r, style, ",");
    } else if (style->kind == FORMAT_XML) {
        read_xml(r, style);
    }
}
