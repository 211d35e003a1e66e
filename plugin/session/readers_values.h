/* What the host reads of the readers, by the paths "readers.…" and "readers[n].…". */
#ifndef SESSION_READERS_VALUES_H
#define SESSION_READERS_VALUES_H

#include "kinds.h"
#include "probe.h"
#include "readers_verdict.h"
#include "session.h"

struct reading;

enum reader_service { SERVICE_RUNNING, SERVICE_STOPPED, SERVICE_MISSING };

/* One reader as it was looked at; what is not known is empty or null. */
struct reader_facts {
    struct reader_state state;
    const struct card_look *look; /* null: no card, or not known by its ATR */
    bool probed;
    int32_t probe_code; /* what the probe came to */
    struct probe probe;
    char holder[256];          /* programs that may be using the card */
    char model[64];            /* as the list of readers names it */
    enum tested_word official; /* whether the official list has it, as that list says */
    char note[512], note_en[512];
    enum reader_verdict verdict;
    char sentence[1024], sentence_en[1024];
};

struct readers_values {
    enum reader_service service;
    const char *session; /* literal */
    int32_t bits;
    char list_date[11];
    char sentence[1024], sentence_en[1024]; /* why there is no reader; "" when there is one */
    size_t n;
    struct reader_facts at[READER_LIST_MAX];
};

/* What lies there, as far as it is known; "" else. A literal. */
const char *readers_card_name(const struct reader_facts *facts, bool english);
void readers_values_free(struct readers_values **values);
/* Under the lock; the path without "readers." or "readers[n].". v null: never looked at. SHK_E_PATH,
 * SHK_E_ABSENT. */
int32_t readers_values_read(const struct readers_values *v, const char *path, size_t n,
                            struct reading *out);
/* What is known of a listed reader beyond its name, card and ATR. */
int32_t readers_values_read_item(const struct readers_values *v, const struct reader_state *reader,
                                 const char *path, size_t n, struct reading *out);

#endif
