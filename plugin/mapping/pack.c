#include "pack.h"

#include <stdlib.h>
#include <string.h>

#include "file_name.h"
#include "text.h"

#define ID_MOST      64
#define LINE_MOST    200
#define NOTES_MOST   2000
#define ENTRY_MOST   100
#define ENTRIES_MOST 300
#define CONTRACT     1
#define PACK_FORM    1

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* As a script's own id. */
static bool id_usable(const char *text) {
    const char *p = text;
    while (is_letter(*p) || char_is_digit(*p) || (*p != '\0' && strchr("_-.", *p) != NULL)) {
        p++;
    }
    return *p == '\0';
}

/* MAJOR.MINOR.PATCH, without leading zeros. */
static bool version_usable(const char *text) {
    for (int part = 0; part < 3; part++) {
        size_t n = 0;
        while (char_is_digit(text[n])) {
            n++;
        }
        if (n == 0 || n > 5 || (n > 1 && text[0] == '0') || text[n] != (part < 2 ? '.' : '\0')) {
            return false;
        }
        text += n + 1;
    }
    return true;
}

/* In the pack's own folder: no separators, no "..", no device of Windows. */
static bool script_usable(const char *text) {
    return file_name_usable(text, strlen(text)) && !text_equal(text, PACK_LUA);
}

static bool is_one_line(const char *text) {
    while ((uint8_t)*text >= 0x20 && *text != 0x7F) {
        text++;
    }
    return *text == '\0';
}

static bool any_text(const char *text) {
    (void)text;
    return true;
}

static const struct text_key {
    const char *name;
    size_t most;
    bool (*usable)(const char *text);
    const char *usual; /* null: it must be there */
} text_keys[PACK_TEXTS] = {
    [PACK_ID] = {"id", ID_MOST, id_usable, NULL},
    [PACK_VERSION] = {"version", ID_MOST, version_usable, NULL},
    [PACK_NAME] = {"name", LINE_MOST, is_one_line, NULL},
    [PACK_NAME_EN] = {"name_en", LINE_MOST, is_one_line, NULL},
    [PACK_VENDOR] = {"vendor", LINE_MOST, is_one_line, NULL},
    [PACK_HOST] = {"host", LINE_MOST, is_one_line, NULL},
    [PACK_FORMAT] = {"format", ID_MOST, is_one_line, NULL},
    [PACK_ENCODING] = {"encoding", ID_MOST, is_one_line, NULL},
    [PACK_ADAPTER] = {"adapter", ID_MOST, is_one_line, NULL},
    [PACK_SCRIPT] = {"script", FILE_NAME_MAX, script_usable, "mapping.lua"},
    [PACK_NOTES] = {"notes", NOTES_MOST, any_text, ""},
};

static int32_t refuse_at(const struct pack *pack, int32_t line, const char *key,
                         struct fault *why) {
    char where[sizeof why->where];
    if (line > 0) {
        text_format(where, sizeof where, "%s/" PACK_LUA ":%d %s", pack->folder.name, (int)line,
                    key);
    } else {
        text_format(where, sizeof where, "%s/" PACK_LUA " %s", pack->folder.name, key);
    }
    return fault_set(why, SHK_E_PACK, line > 0 ? SHK_NATIVE_LUA_LINE : SHK_NATIVE_NONE, line,
                     where);
}

int32_t pack_refuse(const struct pack *pack, enum pack_text text, struct fault *why) {
    return refuse_at(pack, pack->line[text], text_keys[text].name, why);
}

struct reading {
    struct pack *pack;
    bool form_seen;
    struct fault *why;
};

static int32_t refuse(const struct reading *r, const struct lua_entry *e) {
    return refuse_at(r->pack, e->line, e->path, r->why);
}

static int32_t take_text(const struct reading *r, size_t text, const struct lua_entry *e) {
    const struct text_key *key = &text_keys[text];
    bool usable = e->kind == LUA_KIND_TEXT && (e->text[0] != '\0' || key->usual != NULL) &&
                  strlen(e->text) <= key->most && key->usable(e->text);
    if (!usable) {
        return refuse(r, e);
    }
    r->pack->line[text] = e->line;
    r->pack->text[text] = text_dup(e->text);
    return r->pack->text[text] != NULL ? SHK_OK : fault_raise(r->why, SHK_E_MEMORY);
}

static int32_t add_text(const struct reading *r, struct pack_texts *to, const char *text) {
    char **grown = realloc(to->at, (to->n + 1) * sizeof *grown);
    to->at = grown != NULL ? grown : to->at;
    char *copy = grown != NULL ? text_dup(text) : NULL;
    if (copy == NULL) {
        return fault_raise(r->why, SHK_E_MEMORY);
    }
    to->at[to->n++] = copy;
    return SHK_OK;
}

/* A field without the number of a list's entry, or all of a group or list. */
static bool is_used(const char *path) {
    size_t n = strlen(path);
    return text_equal(path, "*") ||
           (strchr(path, '[') == NULL &&
            (field_find(path, n) != NULL || field_is_group(path, n) || field_is_list(path, n)));
}

static bool has_text(const struct pack_texts *texts, const char *text) {
    for (size_t i = 0; i < texts->n; i++) {
        if (text_equal(texts->at[i], text)) {
            return true;
        }
    }
    return false;
}

/* The entries come in order; a gap is a mistake. */
static int32_t take_entry(const struct reading *r, struct pack_texts *to, const char *list,
                          const struct lua_entry *e) {
    char path[48];
    text_format(path, sizeof path, "%s[%u]", list, (unsigned)to->n + 1);
    bool usable = text_equal(path, e->path) && e->kind == LUA_KIND_TEXT && e->text[0] != '\0' &&
                  strlen(e->text) <= ENTRY_MOST && is_one_line(e->text) && to->n < ENTRIES_MOST &&
                  !has_text(to, e->text) && (to != &r->pack->uses || is_used(e->text));
    return usable ? add_text(r, to, e->text) : refuse(r, e);
}

static int32_t take_number(const struct lua_entry *e, int32_t expected, const struct reading *r) {
    return e->kind == LUA_KIND_INT && e->number == expected ? SHK_OK : refuse(r, e);
}

/* Null: the path is no list or entry of one. */
static struct pack_texts *list_of(struct pack *pack, const char *path, const char **name) {
    const struct {
        const char *name;
        struct pack_texts *list;
    } lists[] = {{"uses", &pack->uses}, {"host_versions", &pack->host_versions}};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        size_t n = strlen(lists[i].name);
        if (text_starts(path, lists[i].name) && (path[n] == '\0' || path[n] == '[')) {
            *name = lists[i].name;
            return lists[i].list;
        }
    }
    return NULL;
}

static int32_t take(struct reading *r, const struct lua_entry *e) {
    const char *list = NULL;
    struct pack_texts *texts = list_of(r->pack, e->path, &list);
    if (texts != NULL) {
        bool outer = text_equal(e->path, list);
        if (outer && texts->at == NULL && e->kind == LUA_KIND_TABLE) {
            texts->at = calloc(1, sizeof *texts->at); /* it is there, if with nothing in it */
            return texts->at != NULL ? SHK_OK : fault_raise(r->why, SHK_E_MEMORY);
        }
        return outer ? refuse(r, e) : take_entry(r, texts, list, e);
    }
    for (size_t i = 0; i < PACK_TEXTS; i++) {
        if (text_equal(e->path, text_keys[i].name)) {
            return take_text(r, i, e);
        }
    }
    if (text_equal(e->path, "pack")) {
        r->form_seen = true;
        return take_number(e, PACK_FORM, r);
    }
    if (text_equal(e->path, "contract")) {
        r->pack->contract = CONTRACT;
        return take_number(e, CONTRACT, r);
    }
    return refuse(r, e);
}

/* What must be there, and what stands for what need not be. */
static int32_t complete(const struct reading *r) {
    struct pack *pack = r->pack;
    const char *missing = !r->form_seen                    ? "pack"
                          : pack->contract == 0            ? "contract"
                          : pack->uses.at == NULL          ? "uses"
                          : pack->host_versions.at == NULL ? "host_versions"
                                                           : NULL;
    for (size_t i = 0; missing == NULL && i < PACK_TEXTS; i++) {
        if (pack->text[i] == NULL && text_keys[i].usual == NULL) {
            missing = text_keys[i].name;
        } else if (pack->text[i] == NULL) {
            pack->text[i] = text_dup(text_keys[i].usual);
            if (pack->text[i] == NULL) {
                return fault_raise(r->why, SHK_E_MEMORY);
            }
        }
    }
    return missing != NULL ? refuse_at(pack, 0, missing, r->why) : SHK_OK;
}

static int32_t read_lua(struct reading *r, const struct pack_file *file) {
    struct lua_table table = {0};
    struct fault reason = {0};
    int32_t rc = lua_table_read(PACK_LUA, file->content.p, file->content.n, &table, &reason);
    if (rc == SHK_E_MEMORY) {
        fault_raise(r->why, rc);
    } else if (rc != SHK_OK) {
        char where[sizeof r->why->where];
        text_format(where, sizeof where, "%s/%s", r->pack->folder.name, reason.where);
        rc = fault_set(r->why, SHK_E_PACK, reason.native_kind, reason.native, where);
    }
    for (size_t i = 0; rc == SHK_OK && i < table.n; i++) {
        rc = take(r, &table.at[i]);
    }
    lua_table_clear(&table);
    return rc == SHK_OK ? complete(r) : rc;
}

static int32_t check_words(const struct pack *pack, const struct pack_world *world,
                           struct fault *why) {
    if (!world->adapter_known(pack->text[PACK_ADAPTER])) {
        return pack_refuse(pack, PACK_ADAPTER, why);
    }
    return pack_folder_find(&pack->folder, pack->text[PACK_SCRIPT]) != NULL
               ? SHK_OK
               : pack_refuse(pack, PACK_SCRIPT, why);
}

static int32_t read_into(struct pack *pack, const struct pack_world *world, const char *path,
                         struct fault *why) {
    int32_t rc = pack_folder_read(world->env, path, &pack->folder, why);
    if (rc != SHK_OK) {
        return rc;
    }
    const struct pack_file *file = pack_folder_find(&pack->folder, PACK_LUA);
    if (file == NULL) {
        char where[sizeof why->where];
        text_format(where, sizeof where, "%s/" PACK_LUA, pack->folder.name);
        return fault_set(why, SHK_E_PACK, SHK_NATIVE_NONE, 0, where);
    }
    struct reading r = {.pack = pack, .why = why};
    rc = read_lua(&r, file);
    return rc == SHK_OK ? check_words(pack, world, why) : rc;
}

int32_t pack_read(const struct pack_world *world, const char *path, struct pack **out,
                  struct fault *why) {
    struct fault own = {0};
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return fault_raise(why, SHK_E_MEMORY);
    }
    int32_t rc = read_into(*out, world, path, &own);
    if (rc != SHK_OK) {
        pack_free(out);
        fault_set(why, own.code, own.native_kind, own.native, own.where);
    }
    return rc;
}

static void free_texts(struct pack_texts *texts) {
    for (size_t i = 0; i < texts->n; i++) {
        free(texts->at[i]);
    }
    free(texts->at);
    *texts = (struct pack_texts){0};
}

void pack_free(struct pack **pack) {
    struct pack *p = *pack;
    if (p == NULL) {
        return;
    }
    pack_folder_clear(&p->folder);
    free_texts(&p->uses);
    free_texts(&p->host_versions);
    for (size_t i = 0; i < PACK_TEXTS; i++) {
        free(p->text[i]);
    }
    free(p);
    *pack = NULL;
}

void pack_forget_samples(struct pack *pack) {
    for (size_t i = 0; i < pack->folder.n; i++) {
        if (text_starts(pack->folder.at[i].path, PACK_SAMPLES_FOLDER)) {
            bytes_clear(&pack->folder.at[i].content);
        }
    }
}

struct mapping_text pack_script(const struct pack *pack) {
    const struct pack_file *file = pack_folder_find(&pack->folder, pack->text[PACK_SCRIPT]);
    return (struct mapping_text){pack->text[PACK_SCRIPT], file->content.p, file->content.n};
}

void pack_name_fault(const struct pack *pack, struct fault *why) {
    char where[sizeof why->where];
    if (text_starts(why->where, pack->text[PACK_SCRIPT])) {
        text_format(where, sizeof where, "%s/%s", pack->text[PACK_ID], why->where);
        text_copy(why->where, sizeof why->where, where);
    }
}
