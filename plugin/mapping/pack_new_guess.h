/* Which field of a record a host's name means: guess_names.def and the names of the field table. */
#ifndef MAPPING_PACK_NEW_GUESS_H
#define MAPPING_PACK_NEW_GUESS_H

#include "fault.h"
#include "pack_new_name.h"

struct pack_words;
/* The folded table. 0 or SHK_E_MEMORY. */
int32_t pack_words_new(struct pack_words **out);
void pack_words_free(struct pack_words **words);
/* Whether the text is a name that the table knows, as it stands. SHK_E_MEMORY. */
int32_t pack_words_know(const struct pack_words *words, const char *p, bool *known);

struct pack_match {
    const char *path; /* null: not guessed; a list's [] is not filled in */
    const char *helper;
    bool sure;
    int32_t number; /* of several of the kind; 0: the only one */
    bool numbered;  /* the name itself says the number */
    uint32_t hints;
};

/* `names` are the name and what it stands in, outermost first, parted by line ends; a heading is one name.
 * `number`: it is the n-th of its kind; 0: the only one. SHK_E_MEMORY. */
int32_t pack_words_guess(const struct pack_words *words, const char *names, int32_t number,
                         struct pack_match *out);

#endif
