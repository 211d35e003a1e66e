/* What the host reads of the history, by the paths "history.…" and "history[n].…". */
#ifndef SESSION_HISTORY_VALUES_H
#define SESSION_HISTORY_VALUES_H

#include "history.h"
#include "session.h"

struct reading;

struct history_item {
    struct history_entry entry; /* its facts are owned */
    char at[20];
};

struct history_values {
    struct history_state state;
    bool verified;
    int64_t exported; /* -1: nothing was */
    struct history_item *items;
    size_t n, cap;
};

struct history_values *history_values_new(void);          /* null: out of memory */
void history_values_free(struct history_values **values); /* wipes */
/* Copies. SHK_E_MEMORY. */
int32_t history_values_add(struct history_values *v, const struct history_entry *entry);
/* Lets go of all but the last ones. */
void history_values_keep(struct history_values *v, size_t newest);
/* The value of a fact of an entry, or "". */
const char *history_fact_of(const struct history_entry *entry, const char *name);

/* Under the lock; the path without "history.", or of the n-th entry. SHK_E_PATH, SHK_E_ABSENT. */
int32_t history_values_read(const struct history_values *v, const char *path, size_t n,
                            struct reading *out);
int32_t history_values_read_item(const struct history_values *v, size_t index, const char *path,
                                 size_t n, struct reading *out);

#endif
