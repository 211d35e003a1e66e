/* The files of a new pack from its columns and what was chosen for them. */
#ifndef MAPPING_PACK_NEW_WRITE_H
#define MAPPING_PACK_NEW_WRITE_H

#include "pack_new.h"
#include "pack_new_choose.h"
#include "pack_new_source.h"

struct pack_draft {
    const struct pack_new_job *job;
    const struct pack_new_source *source;
    const struct pack_choice *choices; /* one for each column */
    struct pack_new_guess *guesses;    /* likewise; the script fills in their lines */
};

/* A choice for each column, owned by the caller also on failure. SHK_E_MEMORY. */
int32_t pack_choose_all(const struct pack_words *words, const struct pack_new_source *source,
                        struct pack_choice **out);
/* Each appends a whole file. 0 or SHK_E_MEMORY. */
int32_t pack_write_script(const struct pack_draft *draft, struct bytes *out);
int32_t pack_write_description(const struct pack_draft *draft, struct bytes *out);
int32_t pack_write_readme(const struct pack_draft *draft, struct bytes *out);
/* A made-up person as an eligibility answer. */
int32_t pack_write_sample(struct bytes *out);

/* Text that is put together; after the first failure the rest does nothing. */
struct pack_new_text {
    struct bytes *out;
    int32_t rc;
};
void pack_put(struct pack_new_text *text, const char *p);
/* In double quotes, so that it is one Lua text whatever it holds. */
void pack_put_quoted(struct pack_new_text *text, const char *p);
/* Inside a cell of a table of the README. */
void pack_put_cell(struct pack_new_text *text, const char *p);
void pack_put_number(struct pack_new_text *text, int64_t number);
/* The list of what a record must show for the rows; `any`: it is not empty. */
void pack_put_uses(struct pack_new_text *text, const struct pack_draft *draft);
bool pack_uses_any(const struct pack_draft *draft);
/* The words that a column's guess deserves, parted by "; "; "" when there is nothing to say. */
void pack_put_remarks(struct pack_new_text *text, const struct pack_draft *draft, size_t column);

#endif
