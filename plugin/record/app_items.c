#include "app_items.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"

/* Copied as a whole: a value in its own room must go on pointing there. */
static void copy_item(struct app_item *to, const struct app_item *from) {
    *to = *from;
    if (from->value.text == from->value.room) {
        to->value.text = to->value.room;
    }
}

static bool make_room(struct app_items *items) {
    if (items->n < items->cap) {
        return true;
    }
    size_t cap = items->cap == 0 ? 32 : items->cap * 2;
    struct app_item *grown = malloc(cap * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    for (size_t i = 0; i < items->n; i++) {
        copy_item(&grown[i], &items->at[i]);
    }
    size_t n = items->n;
    app_items_clear(items);
    *items = (struct app_items){grown, n, cap};
    return true;
}

void app_items_clear(struct app_items *items) {
    if (items->at != NULL) {
        memory_wipe(items->at, items->n * sizeof *items->at);
        free(items->at);
    }
    *items = (struct app_items){0};
}

static struct app_item *find_same(const struct app_items *items, const struct app_item *like) {
    for (size_t i = 0; i < items->n; i++) {
        struct app_item *one = &items->at[i];
        if (one->ref.field == like->ref.field && one->ref.entry == like->ref.entry &&
            one->kind == like->kind) {
            return one;
        }
    }
    return NULL;
}

const struct app_item *app_items_said(const struct app_items *items, enum app_kind kind,
                                      const char *path) {
    const struct app_item *own = app_items_find(items, kind, path);
    return own != NULL ? own : app_items_find(items, APP_KIND_NONE, path);
}

bool app_items_same_value(const struct app_item *a, const struct app_item *b) {
    return a->value.n == b->value.n && memcmp(a->value.text, b->value.text, a->value.n) == 0;
}

int32_t app_items_add(struct app_items *items, const struct app_item *item, enum app_adding *what) {
    struct app_item *there = find_same(items, item);
    *what = APP_ADDED;
    if (there == NULL) {
        if (!make_room(items)) {
            return SHK_E_MEMORY;
        }
        copy_item(&items->at[items->n++], item);
    } else if (there->reading != APP_READ_VALUE) {
        if (item->reading == APP_READ_VALUE || there->reading == APP_READ_EMPTY) {
            copy_item(there, item);
        }
    } else if (item->reading != APP_READ_VALUE || app_items_same_value(there, item)) {
        *what = APP_REPEATED;
    } else {
        bool same_place = item->kind == APP_KIND_NONE || there->heading == item->heading;
        *what = same_place ? APP_CONTRADICTS : APP_DIFFERS;
    }
    return SHK_OK;
}

const struct app_item *app_items_find(const struct app_items *items, enum app_kind kind,
                                      const char *path) {
    for (size_t i = 0; i < items->n; i++) {
        const char *own = items->at[i].ref.field->path;
        if (items->at[i].kind == kind && own[0] == path[0] && text_equal(own, path)) {
            return &items->at[i];
        }
    }
    return NULL;
}
