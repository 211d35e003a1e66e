/* Who was checked when, by which route, and what was delivered where: a chain in which each entry carries the
 * hash of the one before. */
#ifndef STORE_HISTORY_H
#define STORE_HISTORY_H

#include "store.h"

enum history_kind {
    HISTORY_CHECK = 1, /* an answer came */
    HISTORY_DELIVERED,
    HISTORY_DROPPED,
    HISTORY_DECIDED, /* a person said whose answer it is, or took values over */
    HISTORY_KEY,     /* the key was changed */
    HISTORY_PURGED   /* older entries were removed; now the first one */
};
const char *history_kind_name(enum history_kind kind); /* "check", … */
const char *history_kind_japanese(enum history_kind kind);

/* Every fact once: history_facts.def, HISTORY_FACT(name, personal, Japanese, English). */
struct history_fact_row {
    const char *name, *japanese, *english;
    bool personal;
};
size_t history_fact_count(void);
const struct history_fact_row *history_fact_at(size_t index);

struct history_fact {
    const char *name, *value; /* a name of the table; UTF-8, null: left out */
};

/* One entry. All facts are sealed; only what finds a row lies open. */
struct history_entry {
    int64_t seq;  /* given by the store */
    int64_t at_s; /* 0: now */
    enum history_kind kind;
    char answer[37], delivery[37]; /* "" none */
    char person[TAG_LEN];
    const struct history_fact *facts;
    size_t n;
};

/* The PC's name joins as "machine" unless it is given. SHK_E_ARGUMENT: a fact that is not in the table. A
 * check of the same answer, or an end of the same delivery, is added once. SHK_E_HISTORY_BROKEN when the
 * end of the chain is not ours. */
int32_t history_append(struct store *store, const struct history_entry *entry, struct fault *why);

struct history_filter {
    int64_t from_s, to_s; /* 0: open */
    const char *person;   /* tag; null: all */
    int64_t limit;        /* 0: all; else the newest */
};
/* In order. An entry that cannot be unsealed ends it with SHK_E_STORE_SEALED and its number in `where`. */
int32_t history_list(struct store *store, const struct history_filter *filter,
                     int32_t (*each)(void *self, const struct history_entry *entry,
                                     struct fault *why),
                     void *self, struct fault *why);

struct history_state {
    int64_t entries, first, last; /* numbers */
    int64_t broken;               /* number of the first entry that does not fit; 0: whole */
};
/* Follows the whole chain, up to the head that the store remembers. SHK_E_HISTORY_BROKEN with the number in
 * `where`; the state is filled then, too. SHK_E_STORE_KEY when this PC lacks the key in use. */
int32_t history_verify(struct store *store, struct history_state *out, struct fault *why);

#endif
