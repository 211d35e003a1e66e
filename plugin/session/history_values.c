#include "history_values.h"

#include <stdlib.h>
#include <string.h>

#include "outbox_values.h"
#include "values_give.h"

struct history_values *history_values_new(void) {
    struct history_values *v = calloc(1, sizeof *v);
    if (v != NULL) {
        v->exported = -1;
    }
    return v;
}

static void free_facts(struct history_entry *entry) {
    struct history_fact *facts = (struct history_fact *)entry->facts;
    for (size_t i = 0; i < entry->n; i++) {
        char *value = (char *)facts[i].value;
        memory_wipe(value, strlen(value));
        free(value);
    }
    free(facts);
}

void history_values_free(struct history_values **values) {
    struct history_values *v = *values;
    if (v != NULL) {
        for (size_t i = 0; i < v->n; i++) {
            free_facts(&v->items[i].entry);
        }
        free(v->items);
        free(v);
        *values = NULL;
    }
}

static const char *table_name(const char *name) {
    for (size_t i = 0; i < history_fact_count(); i++) {
        if (text_equal(history_fact_at(i)->name, name)) {
            return history_fact_at(i)->name;
        }
    }
    return NULL;
}

static bool copy_facts(const struct history_entry *from, struct history_entry *to) {
    struct history_fact *facts = calloc(from->n + 1, sizeof *facts);
    to->facts = facts;
    to->n = 0;
    for (size_t i = 0; facts != NULL && i < from->n; i++) {
        const char *name = table_name(from->facts[i].name);
        char *value = name != NULL ? text_dup(from->facts[i].value) : NULL;
        if (name != NULL && value == NULL) {
            return false;
        }
        if (name != NULL) {
            facts[to->n++] = (struct history_fact){name, value};
        }
    }
    return facts != NULL;
}

int32_t history_values_add(struct history_values *v, const struct history_entry *entry) {
    if (v->n == v->cap) {
        size_t cap = v->cap == 0 ? 32 : v->cap * 2;
        struct history_item *grown = realloc(v->items, cap * sizeof *grown);
        if (grown == NULL) {
            return SHK_E_MEMORY;
        }
        v->items = grown;
        v->cap = cap;
    }
    struct history_item *item = &v->items[v->n];
    *item = (struct history_item){.entry = *entry};
    outbox_time(entry->at_s, item->at);
    if (!copy_facts(entry, &item->entry)) {
        free_facts(&item->entry);
        return SHK_E_MEMORY;
    }
    v->n++;
    return SHK_OK;
}

void history_values_keep(struct history_values *v, size_t newest) {
    size_t over = v->n > newest ? v->n - newest : 0;
    for (size_t i = 0; i < over; i++) {
        free_facts(&v->items[i].entry);
    }
    if (over > 0) {
        memmove(v->items, v->items + over, newest * sizeof *v->items);
        v->n = newest;
    }
}

const char *history_fact_of(const struct history_entry *entry, const char *name) {
    for (size_t i = 0; i < entry->n; i++) {
        if (text_equal(entry->facts[i].name, name)) {
            return entry->facts[i].value;
        }
    }
    return "";
}

int32_t history_values_read(const struct history_values *v, const char *path, size_t n,
                            struct reading *out) {
    const struct {
        const char *path;
        int64_t number;
    } numbers[] = {
        {"entries", v != NULL ? v->state.entries : -1},
        {"first", v != NULL ? v->state.first : -1},
        {"last", v != NULL ? v->state.last : -1},
        {"broken", v != NULL && v->state.broken > 0 ? v->state.broken : -1},
        {"exported", v != NULL ? v->exported : -1},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (text_equal_n(numbers[i].path, path, n)) {
            return values_give_known(out, numbers[i].number);
        }
    }
    return SHK_E_PATH;
}

static int32_t read_fact(const struct history_entry *entry, const char *path, size_t n,
                         struct reading *out) {
    for (size_t i = 0; i < history_fact_count(); i++) {
        const char *name = history_fact_at(i)->name;
        if (text_equal_n(name, path, n)) {
            return values_give_if(out, history_fact_of(entry, name));
        }
    }
    return SHK_E_PATH;
}

static int32_t read_item(const struct history_item *item, const char *path, size_t n,
                         struct reading *out) {
    const struct history_entry *entry = &item->entry;
    const struct {
        const char *path, *text;
    } texts[] = {
        {"at", item->at},
        {"kind", history_kind_name(entry->kind)},
        {"kind_text", history_kind_japanese(entry->kind)},
        {"answer", entry->answer},
        {"delivery", entry->delivery},
    };
    if (text_equal_n("seq", path, n)) {
        return values_give_number(out, entry->seq);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (text_equal_n(texts[i].path, path, n)) {
            return values_give_if(out, texts[i].text);
        }
    }
    return read_fact(entry, path, n, out);
}

int32_t history_values_read_item(const struct history_values *v, size_t index, const char *path,
                                 size_t n, struct reading *out) {
    static const struct history_item none = {.entry = {.kind = HISTORY_CHECK}};
    bool there = v != NULL && index > 0 && index <= v->n;
    int32_t rc = read_item(there ? &v->items[index - 1] : &none, path, n, out);
    return there || rc == SHK_E_PATH ? rc : SHK_E_ABSENT;
}
