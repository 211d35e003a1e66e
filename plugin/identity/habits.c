#include "habits.h"

#include <stdlib.h>

#include "atr.h"

enum seen { SEEN_NOTHING, SEEN_WORKING, SEEN_FAILING };

struct entry {
    char reader[READER_NAME_MAX];
    char driver_version[sizeof((struct reader_traits *)0)->driver_version];
    uint16_t usb_vendor, usb_product;
    uint64_t card;
    uint64_t used; /* when, in uses of the table; 0: no entry */
    struct {
        enum seen seen;
        uint32_t rested; /* uses since it failed */
    } of[HABIT_FEATURES];
};

struct habits {
    uint64_t uses;
    struct entry at[HABITS_MAX];
};

int32_t habits_new(struct habits **out) {
    *out = calloc(1, sizeof **out);
    return *out != NULL ? SHK_OK : SHK_E_MEMORY;
}

void habits_free(struct habits **habits) {
    free(*habits);
    *habits = NULL;
}

static bool says_driver(const struct reader_traits *t) {
    return t->driver_version[0] != '\0' || t->usb_vendor != 0 || t->usb_product != 0;
}

static void take_driver(struct entry *e, const struct reader_traits *t) {
    text_copy(e->driver_version, sizeof e->driver_version, t->driver_version);
    e->usb_vendor = t->usb_vendor;
    e->usb_product = t->usb_product;
}

/* A reader that says nothing this time is no other reader. */
static bool is_driver(const struct entry *e, const struct reader_traits *t) {
    return !says_driver(t) || (text_equal(e->driver_version, t->driver_version) &&
                               e->usb_vendor == t->usb_vendor && e->usb_product == t->usb_product);
}

static uint64_t card_of(const struct habit_key *key) {
    return atr_kind(key->traits->atr, key->traits->atr_len);
}

static struct entry *find(struct habits *habits, const struct habit_key *key) {
    uint64_t card = card_of(key);
    for (size_t i = 0; i < HABITS_MAX; i++) {
        struct entry *e = &habits->at[i];
        if (e->used != 0 && e->card == card && text_equal(e->reader, key->reader)) {
            return e;
        }
    }
    return NULL;
}

static void begin(struct entry *e, const struct habit_key *key) {
    *e = (struct entry){.card = card_of(key)};
    text_copy(e->reader, sizeof e->reader, key->reader);
    take_driver(e, key->traits);
}

/* A free place, or that of the entry which was not used for longest. */
static struct entry *make_room(struct habits *habits) {
    struct entry *oldest = &habits->at[0];
    for (size_t i = 1; i < HABITS_MAX; i++) {
        if (habits->at[i].used < oldest->used) {
            oldest = &habits->at[i];
        }
    }
    return oldest;
}

/* The entry of the key, as far as it was learned with this driver; made when there is none. */
static struct entry *entry_of(struct habits *habits, const struct habit_key *key) {
    struct entry *e = find(habits, key);
    if (e == NULL) {
        e = make_room(habits);
        begin(e, key);
    } else if (!is_driver(e, key->traits)) {
        begin(e, key);
    }
    e->used = ++habits->uses;
    return e;
}

static bool rests(struct entry *e, enum habit_feature feature) {
    if (e->of[feature].seen != SEEN_FAILING || e->of[feature].rested >= HABIT_RETRIES) {
        return false;
    }
    e->of[feature].rested++;
    return true;
}

struct habit habits_of(struct habits *habits, const struct habit_key *key) {
    if (habits == NULL) {
        return (struct habit){0};
    }
    struct entry *e = entry_of(habits, key);
    return (struct habit){
        .no_extended = rests(e, HABIT_EXTENDED),
        .no_short_ids = rests(e, HABIT_SHORT_IDS),
        .no_short_verify = rests(e, HABIT_SHORT_VERIFY),
        .no_short_sign = rests(e, HABIT_SHORT_SIGN),
        .extended_works = e->of[HABIT_EXTENDED].seen == SEEN_WORKING,
    };
}

static void note(struct habits *habits, const struct habit_key *key, enum habit_feature feature,
                 enum seen seen) {
    if (habits != NULL) {
        struct entry *e = entry_of(habits, key);
        e->of[feature].seen = seen;
        e->of[feature].rested = 0;
    }
}

void habits_learn(struct habits *habits, const struct habit_key *key, enum habit_feature feature,
                  bool works) {
    note(habits, key, feature, works ? SEEN_WORKING : SEEN_FAILING);
}

void habits_doubt(struct habits *habits, const struct habit_key *key, enum habit_feature feature) {
    note(habits, key, feature, SEEN_NOTHING);
}
