#include "app_words_load.h"

#include <string.h>

#include "mapping.h"
#include "sandbox.h"

/* Stands for the place before every heading, which has no name of its own. */
#define TOP "見出しの前"

struct loading {
    const char *name;
    const struct lua_table *table;
    struct app_words *words;
    struct fault *why;
};

static int32_t refuse(const struct loading *l, int32_t code, const struct lua_entry *entry) {
    char where[sizeof l->why->where];
    text_format(where, sizeof where, "%s:%d %s", l->name, (int)entry->line, entry->path);
    return fault_set(l->why, code, SHK_NATIVE_LUA_LINE, entry->line, where);
}

/* The table that holds an entry; tables stand before what they hold, and words may hold dots, so the
 * longest one counts. Null: the outermost. */
static const struct lua_entry *table_of(const struct loading *l, const struct lua_entry *entry) {
    const struct lua_entry *found = NULL;
    size_t best = 0;
    for (const struct lua_entry *one = l->table->at; one < l->table->at + l->table->n; one++) {
        size_t n = strlen(one->path);
        bool holds = one->kind == LUA_KIND_TABLE && one != entry && n > best &&
                     text_starts(entry->path, one->path) &&
                     (entry->path[n] == '.' || entry->path[n] == '[');
        if (holds) {
            found = one;
            best = n;
        }
    }
    return found;
}

/* The entry's own name in its table. */
static const char *last_name(const struct lua_entry *table, const struct lua_entry *entry) {
    return table != NULL ? entry->path + strlen(table->path) + 1 : entry->path;
}

/* What stands between "keys." and the table's end: a section, or a path with dots in it. */
static const char *scope_name(const struct lua_entry *table, const char *branch) {
    const char *name = table->path + strlen(branch);
    name += *name == '.' ? 1 : 0;
    return text_equal(name, TOP) ? "" : name;
}

static const char *text_in(const struct loading *l, const struct lua_entry *table,
                           const char *name) {
    char path[512];
    text_format(path, sizeof path, "%s.%s", table->path, name);
    for (size_t i = 0; i < l->table->n; i++) {
        const struct lua_entry *one = &l->table->at[i];
        if (one->kind == LUA_KIND_TEXT && text_equal(one->path, path)) {
            return one->text;
        }
    }
    return "";
}

static int32_t judge(const struct loading *l, const struct lua_entry *entry, int32_t rc) {
    if (rc == SHK_E_ARGUMENT) {
        return refuse(l, SHK_E_CONFIG_VALUE, entry);
    }
    return rc == SHK_OK ? rc : fault_raise(l->why, rc);
}

/* { section = …, record = … }; what else stands in it is refused when its own turn comes. */
static int32_t take_long_heading(const struct loading *l, const struct lua_entry *entry,
                                 const struct lua_entry *table) {
    int32_t rc = app_words_add_heading(l->words, last_name(table, entry),
                                       text_in(l, entry, "section"), text_in(l, entry, "record"));
    return judge(l, entry, rc);
}

static int32_t take_heading_part(const struct loading *l, const struct lua_entry *entry,
                                 const struct lua_entry *table) {
    const char *name = last_name(table, entry);
    bool known =
        entry->kind == LUA_KIND_TEXT && (text_equal(name, "section") || text_equal(name, "record"));
    return known ? SHK_OK : refuse(l, SHK_E_CONFIG_VALUE, entry);
}

static bool is_branch(const char *path, const char *branch) {
    size_t n = strlen(branch);
    return text_starts(path, branch) && (path[n] == '\0' || path[n] == '.' || path[n] == '[');
}

static int32_t take_heading(const struct loading *l, const struct lua_entry *entry,
                            const struct lua_entry *table) {
    if (!text_equal(table->path, "headings")) {
        return take_heading_part(l, entry, table);
    }
    if (entry->kind == LUA_KIND_TABLE) {
        return take_long_heading(l, entry, table);
    }
    return judge(l, entry,
                 app_words_add_heading(l->words, last_name(table, entry), entry->text, ""));
}

/* An entry below one of the five branches; tables only group. */
static int32_t take_word(const struct loading *l, const struct lua_entry *entry,
                         const struct lua_entry *table) {
    const char *name = last_name(table, entry);
    if (is_branch(entry->path, "headings")) {
        bool usable = entry->kind == LUA_KIND_TEXT || entry->kind == LUA_KIND_TABLE;
        return usable ? take_heading(l, entry, table) : refuse(l, SHK_E_CONFIG_VALUE, entry);
    }
    if (entry->kind == LUA_KIND_TABLE) {
        return SHK_OK;
    }
    if (entry->kind != LUA_KIND_TEXT) {
        return refuse(l, SHK_E_CONFIG_VALUE, entry);
    }
    if (is_branch(entry->path, "keys")) {
        return judge(l, entry,
                     app_words_add_key(l->words, scope_name(table, "keys"), name, entry->text));
    }
    if (is_branch(entry->path, "values")) {
        return judge(l, entry,
                     app_words_add_value(l->words, scope_name(table, "values"), name, entry->text));
    }
    if (is_branch(entry->path, "ignored")) {
        return judge(l, entry,
                     app_words_add_ignored(l->words, scope_name(table, "ignored"), entry->text));
    }
    if (is_branch(entry->path, "dates")) {
        return judge(l, entry, app_words_add_date(l->words, entry->text));
    }
    return judge(l, entry, app_words_add_beginning(l->words, entry->text));
}

static int32_t take_entry(const struct loading *l, const struct lua_entry *entry) {
    static const char *const branches[] = {"headings", "keys",  "values",
                                           "ignored",  "dates", "beginnings"};
    const struct lua_entry *table = table_of(l, entry);
    for (size_t i = 0; i < sizeof branches / sizeof branches[0]; i++) {
        if (table == NULL && text_equal(entry->path, branches[i])) {
            return entry->kind == LUA_KIND_TABLE ? SHK_OK : refuse(l, SHK_E_CONFIG_VALUE, entry);
        }
        if (table != NULL && is_branch(entry->path, branches[i])) {
            return take_word(l, entry, table);
        }
    }
    return refuse(l, SHK_E_CONFIG_VALUE, entry);
}

int32_t app_words_take(const char *name, const uint8_t *text, size_t n, struct app_words *words,
                       struct fault *why) {
    struct fault own = {0};
    struct lua_table table;
    int32_t rc = lua_table_read(name, text, n, &table, &own);
    struct loading l = {name, &table, words, &own};
    for (size_t i = 0; rc == SHK_OK && i < table.n; i++) {
        rc = take_entry(&l, &table.at[i]);
    }
    lua_table_clear(&table);
    return rc == SHK_OK ? rc : fault_set(why, rc, own.native_kind, own.native, own.where);
}

int32_t app_words_load(const char *path, const struct env *env, struct app_words *words,
                       struct fault *why) {
    struct bytes text = {0};
    struct fault own = {0};
    const char *name = text_file_name(path);
    int32_t rc = env->files->read(env->files_self, path, SANDBOX_TEXT_MAX, &text, &own);
    if (rc == SHK_OK) {
        rc = app_words_take(name, (const uint8_t *)bytes_text(&text), text.n, words, why);
    } else if (rc == SHK_E_MEMORY) {
        rc = fault_raise(why, rc);
    } else {
        rc = fault_set(why, SHK_E_CONFIG_FILE, own.native_kind, own.native, name);
    }
    bytes_clear(&text);
    return rc;
}
