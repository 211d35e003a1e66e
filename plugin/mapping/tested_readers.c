#include "tested_readers.h"

#include <stdlib.h>
#include <string.h>

#include "mapping.h"
#include "sandbox.h"

#define LIST_NAME "readers.lua"

struct taking {
    const char *name;
    const struct lua_table *table;
    struct tested_readers *list;
    struct fault *why;
};

static int32_t refuse(const struct taking *t, const struct lua_entry *entry, const char *missing) {
    char where[sizeof t->why->where];
    text_format(where, sizeof where, "%s:%d %s%s%s", t->name, (int)entry->line, entry->path,
                missing[0] != '\0' ? "." : "", missing);
    return fault_set(t->why, SHK_E_CONFIG_VALUE, SHK_NATIVE_LUA_LINE, entry->line, where);
}

/* "[3]" at the beginning: 3, and what is behind it. 0: it is none. */
static size_t take_index(const char **path) {
    const char *p = *path;
    size_t index = 0;
    if (*p++ != '[') {
        return 0;
    }
    for (; char_is_digit(*p) && index <= TESTED_READERS_MAX; p++) {
        index = index * 10 + (size_t)(*p - '0');
    }
    if (*p != ']' || index > TESTED_READERS_MAX) {
        return 0;
    }
    *path = p + 1;
    return index;
}

/* "2026-11-29"; whether that day ever was does not matter here. */
static bool is_date(const char *text) {
    static const char shape[] = "dddd-dd-dd";
    size_t i = 0;
    for (; i < sizeof shape - 1 && text[i] != '\0'; i++) {
        if (shape[i] == 'd' ? !char_is_digit(text[i]) : text[i] != shape[i]) {
            return false;
        }
    }
    return i == sizeof shape - 1 && text[i] == '\0';
}

static bool is_text(const struct lua_entry *entry, size_t cap) {
    return entry->kind == LUA_KIND_TEXT && entry->text[0] != '\0' && strlen(entry->text) < cap;
}

static bool take_text(const struct lua_entry *entry, char *to, size_t cap) {
    return is_text(entry, cap) && text_copy(to, cap, entry->text) < cap;
}

static bool take_word(const struct lua_entry *entry, enum tested_word *to) {
    static const char *const words[] = {"unknown", "yes", "no"};
    for (size_t i = 0; entry->kind == LUA_KIND_TEXT && i < sizeof words / sizeof words[0]; i++) {
        if (text_equal(entry->text, words[i])) {
            *to = (enum tested_word)i;
            return true;
        }
    }
    return false;
}

static bool take_sure(const struct lua_entry *entry, char *to, size_t cap) {
    bool known = entry->kind == LUA_KIND_TEXT &&
                 (text_equal(entry->text, "tried") || text_equal(entry->text, "driver") ||
                  text_equal(entry->text, "report"));
    return known && take_text(entry, to, cap);
}

static int hex_value(char c) {
    if (char_is_digit(c)) {
        return c - '0';
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool take_hex4(const char *p, uint16_t *out) {
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(p[i]);
        if (digit < 0) {
            return false;
        }
        value = value << 4 | (unsigned)digit;
    }
    *out = (uint16_t)value;
    return true;
}

static bool take_usb(const struct lua_entry *entry, struct tested_reader *reader, size_t at) {
    bool shaped = is_text(entry, 10) && strlen(entry->text) == 9 && entry->text[4] == ':' &&
                  at <= TESTED_NAMES_MAX;
    if (!shaped || !take_hex4(entry->text, &reader->usb[at - 1].vendor) ||
        !take_hex4(entry->text + 5, &reader->usb[at - 1].product)) {
        return false;
    }
    reader->usb_n = at;
    return true;
}

static bool take_name(const struct lua_entry *entry, struct tested_reader *reader, size_t at) {
    if (at > TESTED_NAMES_MAX ||
        !take_text(entry, reader->names[at - 1], sizeof reader->names[0])) {
        return false;
    }
    reader->names_n = at;
    return true;
}

/* What stands in the lists "names" and "usb" of a reader; the lists themselves only group. */
static bool take_listed(const struct lua_entry *entry, struct tested_reader *reader,
                        const char *key, bool *known) {
    bool usb = text_starts(key, "usb");
    const char *rest = key + strlen(usb ? "usb" : "names");
    *known = (usb || text_starts(key, "names")) && (rest[0] == '\0' || rest[0] == '[');
    if (!*known || rest[0] == '\0') {
        return *known && entry->kind == LUA_KIND_TABLE;
    }
    size_t at = take_index(&rest);
    if (at == 0 || rest[0] != '\0') {
        return false;
    }
    return usb ? take_usb(entry, reader, at) : take_name(entry, reader, at);
}

static bool take_field(const struct lua_entry *entry, struct tested_reader *r, const char *key) {
    const struct {
        const char *key;
        char *to;
        size_t cap;
    } texts[] = {
        {"model", r->model, sizeof r->model},
        {"note", r->note, sizeof r->note},
        {"note_en", r->note_en, sizeof r->note_en},
        {"source", r->source, sizeof r->source},
    };
    const struct {
        const char *key;
        enum tested_word *to;
    } words[] = {{"extended", &r->extended}, {"usable", &r->usable}, {"official", &r->official}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal(key, texts[i].key)) {
            return take_text(entry, texts[i].to, texts[i].cap);
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (text_equal(key, words[i].key)) {
            return take_word(entry, words[i].to);
        }
    }
    bool known = false, taken = take_listed(entry, r, key, &known);
    return known ? taken : text_equal(key, "sure") && take_sure(entry, r->sure, sizeof r->sure);
}

static int32_t add_reader(const struct taking *t, size_t index) {
    struct tested_readers *list = t->list;
    if (index == list->n) {
        return SHK_OK;
    }
    struct tested_reader *grown = realloc(list->at, index * sizeof *grown);
    if (grown == NULL) {
        return fault_raise(t->why, SHK_E_MEMORY);
    }
    list->at = grown;
    grown[index - 1] = (struct tested_reader){0};
    list->n = index;
    return SHK_OK;
}

/* Readers come in order and each before what it holds. */
static int32_t take_reader(const struct taking *t, const struct lua_entry *entry,
                           const char *rest) {
    size_t index = take_index(&rest);
    bool next = index == t->list->n + 1 && rest[0] == '\0';
    if (index == 0 || (!next && index != t->list->n)) {
        return refuse(t, entry, "");
    }
    if (rest[0] == '\0') {
        return entry->kind == LUA_KIND_TABLE ? add_reader(t, index) : refuse(t, entry, "");
    }
    bool taken = rest[0] == '.' && take_field(entry, &t->list->at[index - 1], rest + 1);
    return taken ? SHK_OK : refuse(t, entry, "");
}

static int32_t take_entry(const struct taking *t, const struct lua_entry *entry) {
    if (text_equal(entry->path, "date")) {
        bool good = entry->kind == LUA_KIND_TEXT && is_date(entry->text);
        text_copy(t->list->date, sizeof t->list->date, good ? entry->text : "");
        return good ? SHK_OK : refuse(t, entry, "");
    }
    if (text_equal(entry->path, "readers")) {
        return entry->kind == LUA_KIND_TABLE ? SHK_OK : refuse(t, entry, "");
    }
    return text_starts(entry->path, "readers[")
               ? take_reader(t, entry, entry->path + strlen("readers"))
               : refuse(t, entry, "");
}

static const char *missing_in(const struct tested_reader *r) {
    if (r->model[0] == '\0') {
        return "model";
    }
    if (r->names_n == 0 && r->usb_n == 0) {
        return "names";
    }
    if (r->note[0] == '\0' || r->note_en[0] == '\0') {
        return r->note[0] == '\0' ? "note" : "note_en";
    }
    if (r->source[0] == '\0') {
        return "source";
    }
    return r->sure[0] == '\0' ? "sure" : "";
}

/* Every row says what it is about, where that is from and how sure it is. */
static int32_t check_whole(const struct taking *t) {
    static const struct lua_entry whole = {.path = "date", .line = 1};
    size_t n = 0;
    if (t->list->date[0] == '\0') {
        return refuse(t, &whole, "");
    }
    for (size_t i = 0; i < t->table->n; i++) {
        const struct lua_entry *entry = &t->table->at[i];
        const char *rest = entry->path + strlen("readers");
        bool reader = text_starts(entry->path, "readers[") && take_index(&rest) == n + 1;
        if (reader && rest[0] == '\0') {
            const char *missing = missing_in(&t->list->at[n++]);
            if (missing[0] != '\0') {
                return refuse(t, entry, missing);
            }
        }
    }
    return SHK_OK;
}

int32_t tested_readers_take(const char *name, const uint8_t *text, size_t n,
                            struct tested_readers *out, struct fault *why) {
    struct fault own = {0};
    struct lua_table table;
    *out = (struct tested_readers){0};
    int32_t rc = lua_table_read(name, text, n, &table, &own);
    const struct taking t = {name, &table, out, &own};
    for (size_t i = 0; rc == SHK_OK && i < table.n; i++) {
        rc = take_entry(&t, &table.at[i]);
    }
    rc = rc == SHK_OK ? check_whole(&t) : rc;
    lua_table_clear(&table);
    if (rc != SHK_OK) {
        tested_readers_clear(out);
        return fault_set(why, rc, own.native_kind, own.native, own.where);
    }
    return rc;
}

int32_t tested_readers_built_in(struct tested_readers *out, struct fault *why) {
    return tested_readers_take(LIST_NAME, tested_readers_text, tested_readers_text_len, out, why);
}

int32_t tested_readers_load(const char *path, const struct env *env, struct tested_readers *out,
                            struct fault *why) {
    struct bytes text = {0};
    struct fault own = {0};
    const char *name = text_file_name(path);
    *out = (struct tested_readers){0};
    int32_t rc = env->files->read(env->files_self, path, SANDBOX_TEXT_MAX, &text, &own);
    if (rc == SHK_OK) {
        rc = tested_readers_take(name, (const uint8_t *)bytes_text(&text), text.n, out, why);
    } else if (rc == SHK_E_MEMORY) {
        rc = fault_raise(why, rc);
    } else {
        rc = fault_set(why, SHK_E_CONFIG_FILE, own.native_kind, own.native, name);
    }
    bytes_clear(&text);
    return rc;
}

void tested_readers_clear(struct tested_readers *list) {
    free(list->at);
    *list = (struct tested_readers){0};
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool holds(const char *text, const char *part) {
    size_t n = strlen(part);
    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (i < n && lower(text[i]) == lower(part[i])) {
            i++;
        }
        if (i == n) {
            return true;
        }
    }
    return false;
}

static bool has_number(const struct tested_reader *r, uint16_t vendor, uint16_t product) {
    for (size_t i = 0; i < r->usb_n; i++) {
        if (r->usb[i].vendor == vendor && r->usb[i].product == product) {
            return true;
        }
    }
    return false;
}

static bool has_name(const struct tested_reader *r, const char *reader) {
    for (size_t i = 0; i < r->names_n; i++) {
        if (holds(reader, r->names[i])) {
            return true;
        }
    }
    return false;
}

const struct tested_reader *tested_readers_find(const struct tested_readers *list,
                                                const char *reader, uint16_t usb_vendor,
                                                uint16_t usb_product) {
    for (size_t i = 0; usb_vendor != 0 && i < list->n; i++) {
        if (has_number(&list->at[i], usb_vendor, usb_product)) {
            return &list->at[i];
        }
    }
    for (size_t i = 0; i < list->n; i++) {
        if (has_name(&list->at[i], reader)) {
            return &list->at[i];
        }
    }
    return NULL;
}
