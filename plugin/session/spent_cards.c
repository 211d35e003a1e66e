#include "spent_cards.h"

static size_t find(const struct spent_cards *spent, const char *reader) {
    size_t i = 0;
    while (i < spent->n && !text_equal(spent->at[i].reader, reader)) {
        i++;
    }
    return i;
}

bool spent_cards_has(const struct spent_cards *spent, const char *reader) {
    return find(spent, reader) < spent->n;
}

void spent_cards_add(struct spent_cards *spent, const struct reader_state *reader) {
    if (!spent_cards_has(spent, reader->name) && spent->n < READER_LIST_MAX) {
        text_copy(spent->at[spent->n].reader, READER_NAME_MAX, reader->name);
        spent->at[spent->n].hangs = false;
        spent->at[spent->n++].count = reader->count;
    }
}

void spent_cards_hangs(struct spent_cards *spent, const char *reader) {
    size_t i = find(spent, reader);
    if (i < spent->n) {
        spent->at[i].hangs = true;
    }
}

static bool lies_on(const struct reader_list *seen, const char *reader, uint32_t count) {
    for (size_t i = 0; i < seen->n; i++) {
        if (seen->at[i].card_present && seen->at[i].count == count &&
            text_equal(seen->at[i].name, reader)) {
            return true;
        }
    }
    return false;
}

bool spent_cards_forget_removed(struct spent_cards *spent, const struct reader_list *seen) {
    size_t kept = 0;
    for (size_t i = 0; i < spent->n; i++) {
        if (lies_on(seen, spent->at[i].reader, spent->at[i].count)) {
            spent->at[kept++] = spent->at[i];
        }
    }
    bool removed = kept < spent->n;
    spent->n = kept;
    return removed;
}

void spent_cards_outage(struct spent_cards *spent) {
    size_t kept = 0;
    for (size_t i = 0; i < spent->n; i++) {
        if (spent->at[i].hangs) {
            spent->at[kept++] = spent->at[i];
        }
    }
    spent->n = kept;
}
