/* What an input gives as arguments of the exports. Each text lies in a block of exactly its size. */
#ifndef FUZZ_HOST_WORDS_H
#define FUZZ_HOST_WORDS_H

#include "fuzz.h"

struct host_text {
    char *p; /* null: none */
    int32_t len;
};

void host_text_free(struct host_text *text);

/* Of a configuration. Whatever is written lies below `folder`, and nothing is asked of another machine. */
struct host_text host_path(struct fuzz_input *in, const char *folder);
void host_setting(struct fuzz_input *in, const char *folder, struct host_text *key,
                  struct host_text *value);
void host_input(struct fuzz_input *in, const char *folder, struct host_text *path,
                struct host_text *value);
struct host_text host_pin(struct fuzz_input *in);
struct host_text host_value_path(struct fuzz_input *in);

#endif
