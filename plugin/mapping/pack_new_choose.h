/* From what a name means and what its values look like to the row of a script. */
#ifndef MAPPING_PACK_NEW_CHOOSE_H
#define MAPPING_PACK_NEW_CHOOSE_H

#include "pack_new_form.h"
#include "pack_new_guess.h"

#define PACK_CHOICE_HELPERS_MAX 2
#define PACK_CHOICE_PATH_MAX    96

struct pack_choice {
    char from[PACK_CHOICE_PATH_MAX]; /* "": not guessed */
    char helpers[PACK_CHOICE_HELPERS_MAX][PACK_DATE_HELPER_MAX];
    size_t helpers_n;
    const char *with; /* Lua text of a function that is written instead of from and as, or null */
    bool sure;
    bool form_guessed; /* no value showed how the host writes it */
    bool misfit;       /* the values do not look like that field */
    bool helpless;     /* no helper writes the form that the values have */
};

void pack_choose(const struct pack_match *match, const struct pack_form *form,
                 struct pack_choice *out);

/* True when a row's `as` may say this: "kana_half", "date:YYYYMMDD". */
bool pack_helper_usable(const char *as);

#endif
