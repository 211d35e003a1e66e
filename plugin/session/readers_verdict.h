/* One sentence on a reader: whether it can be used, and what to do next. */
#ifndef SESSION_READERS_VERDICT_H
#define SESSION_READERS_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seat.h"
#include "tested_readers.h"

enum reader_verdict {
#define VERDICT(name, use, japanese, english) VERDICT_##name,
#include "readers_verdict.def"
#undef VERDICT
    VERDICT_COUNT
};

enum reader_use { USE_YES, USE_NO, USE_OPEN };

struct verdict_row {
    const char *name; /* "SHORT_READER" */
    enum reader_use use;
    const char *japanese, *english;
};
const struct verdict_row *verdict_row(enum reader_verdict verdict);

/* What its sentences have room for; each may be "". */
struct verdict_words {
    const char *card, *card_en, *holder, *date;
};
void verdict_say(enum reader_verdict verdict, const struct verdict_words *words, bool english,
                 char *out, size_t cap);

struct reader_facts;
struct identity_rules;
/* listed: the reader's row in the list, or null. */
enum reader_verdict verdict_of(const struct reader_facts *facts, const struct tested_reader *listed,
                               const struct identity_rules *rules);
/* A slot that is not for cards of persons: nothing in it is spoken to. */
bool verdict_is_sam_slot(const char *reader);
/* For a machine that shows no reader. code: what listing them came to. */
enum reader_verdict verdict_of_none(int32_t code, const struct seat *seat);

#endif
