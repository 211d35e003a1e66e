/* The folded table of names that pack_new_guess.c searches. */
#ifndef MAPPING_PACK_NEW_WORDS_H
#define MAPPING_PACK_NEW_WORDS_H

#include "pack_new_guess.h"

enum pack_context {
    PACK_PLAIN,
    PACK_AID,
    PACK_ELDERLY,
    PACK_LIMIT,
    PACK_DISEASE,
    PACK_INSURED,
};

enum pack_reach { PACK_WHOLE, PACK_EDGE, PACK_INSIDE };

enum pack_certainty { PACK_SURE_NAME, PACK_WEAK_NAME, PACK_GUESS_NAME };

struct pack_word {
    struct pack_name name;
    enum pack_context context;
    enum pack_reach reach;
    enum pack_certainty certainty;
    const char *path, *helper;
};

/* A word of a context and where it stands in a name. */
struct pack_found {
    enum pack_context context;
    size_t at, n;
};

/* The row of exactly that name in that context, or null. */
const struct pack_word *pack_words_whole(const struct pack_words *words,
                                         const struct pack_name *name, enum pack_context context);
/* The longest row that stands in the name as far as it reaches, or null. */
const struct pack_word *pack_words_part(const struct pack_words *words,
                                        const struct pack_name *name, enum pack_context context);
/* The longest word of a context in the name. */
bool pack_words_context(const struct pack_words *words, const struct pack_name *name,
                        struct pack_found *out);
bool pack_words_avoided(const struct pack_words *words, const struct pack_name *name);
bool pack_words_vague(const struct pack_words *words, const struct pack_name *name);

#endif
