/* What a copied text said, one item for each field and record. */
#ifndef RECORD_APP_ITEMS_H
#define RECORD_APP_ITEMS_H

#include "app_lines.h"
#include "app_value.h"

struct app_item {
    struct field_ref ref;
    enum app_kind kind;             /* none: of all records of the text */
    const struct app_word *heading; /* that it stood below */
    int32_t line;
    enum app_reading reading; /* impossible ones do not come here */
    struct app_value value;
};

struct app_items {
    struct app_item *at;
    size_t n, cap;
};

enum app_adding { APP_ADDED, APP_REPEATED, APP_DIFFERS, APP_CONTRADICTS };

/* Adds one; an empty one never takes a value's place. A second value that is another one contradicts
 * below the same heading and for what holds for the whole text, else it only differs; the first stays.
 * SHK_E_MEMORY. */
int32_t app_items_add(struct app_items *items, const struct app_item *item, enum app_adding *what);
/* Null: not there. */
const struct app_item *app_items_find(const struct app_items *items, enum app_kind kind,
                                      const char *path);
/* The record's own, or the one that holds for the whole text. */
const struct app_item *app_items_said(const struct app_items *items, enum app_kind kind,
                                      const char *path);
bool app_items_same_value(const struct app_item *a, const struct app_item *b);
void app_items_clear(struct app_items *items); /* wipes */

#endif
